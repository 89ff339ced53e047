"""WeChat's side, for development and tests: its interface with quotas and errors, and phones.

The rules are those of developers.weixin.qq.com as we read them, written apart from the ledger, so
that one can contradict the other. Nothing here is reached from outside this machine.
"""
