"""WeChat official accounts: what people write comes in here, and what we answer goes out.

Several accounts (a county, its hospitals) stand beside each other. Apps above attach what answers
by a line in `settings.WECHAT_ANSWERS`; they send by `sending.send`, which spends from the quota
ledger or says why it cannot, so that another way is taken. Not here: who a follower is.
"""
