"""The callback of each account, and the simulated phone of development."""

from django.urls import path

from tongxin.channels.wechat import views, views_development

urlpatterns = [
    path("wechat/<slug:name>/", views.callback, name="wechat_callback"),
    path("dev/wechat/", views_development.phone, name="dev_wechat"),
]
