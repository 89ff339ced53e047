from tests.channels.wechat.conftest import clock, county, follower, wechat

__all__ = ["clock", "county", "follower", "wechat"]
