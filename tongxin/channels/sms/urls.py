from django.urls import path

from tongxin.channels.sms import views

urlpatterns = [path("sms/in/", views.incoming, name="sms_in")]
