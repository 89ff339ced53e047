"""Every bench, in the order they run, and how long one may take at most."""

BENCHES = {
    "load_jhu": 240,
    "load_canghailan": 240,
    "release_build": 420,
    "ten_million": 540,
    "starts": 420,
    "public_files": 300,
    "first_view": 300,
    "api_series": 240,
    "request_pages": 240,
    "editing": 420,
    "r_estimates": 120,
    "question_search": 300,
    "rumours": 600,
    "sentence_pairs": 1200,
    "red_flags": 300,
    "wechat_storm": 600,
    "triage_proof": 240,
    "hostile": 1800,
    "questionnaire_first_answer": 900,
    "log_intake": 900,
    "log_list": 1200,
}
"""Name of the module → seconds after which it is stopped."""

ON_THE_SITE = {"starts", "public_files", "first_view", "api_series", "request_pages", "editing"}
ON_THE_SITE |= {"wechat_storm", "questionnaire_first_answer", "log_intake"}
ON_THE_SITE |= {"log_list"}
"""Benches of the running product: they share a data folder that its first start prepares.

The others share one too, so their order matters: the loads leave nothing in it, ten million last.
"""
