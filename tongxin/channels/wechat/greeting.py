"""What the account says of itself: to who follows it, asks for help, or is not understood."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, gettext

from tongxin.channels.wechat.accounts import account
from tongxin.channels.wechat.messages import Clicked, Scanned, Subscribed, Text
from tongxin.channels.wechat.models import Follower
from tongxin.channels.wechat.registry import Inbound
from tongxin.channels.wechat.replies import Reply, TextReply

KEY = "help"  # of the menu's button
ASKED = {"help", "menu", "?", "？", "帮助", "菜单", "功能", "你好", "您好", "hi", "hello"}
LANGUAGES = {"english": "en", "中文": "zh-hans", "chinese": "zh-hans", "英文": "en"}


def answer(inbound: Inbound) -> Reply | None:
    """What one can do here, for whoever asks or has just come; a word changes the language."""
    match inbound.content:
        case Subscribed() | Scanned():
            return TextReply(words(inbound.account))
        case Clicked(key) if key == KEY:
            return TextReply(words(inbound.account))
        case Text(text) if text.strip().lower() in LANGUAGES:
            return TextReply(_speak(inbound, LANGUAGES[text.strip().lower()]))
        case Text(text) if text.strip().lower() in ASKED:
            return TextReply(words(inbound.account))
    return None


def not_understood(inbound: Inbound) -> Reply | None:
    """The last word to a text that nobody answered; other kinds are left in silence."""
    if not isinstance(inbound.content, Text):
        return None
    sorry = gettext("We could not answer that here.")
    return TextReply(f"{sorry}\n\n{words(inbound.account)}")


def words(name: str) -> str:
    """The menu as a text, in the language of the moment."""
    language = get_language() or settings.LANGUAGE_CODE
    facts = {"page": f"{settings.PUBLIC_URL}/{language}", "number": settings.EMERGENCY_NUMBER}
    lines = [
        account(name).title(language),
        gettext("In danger of life call {number}.").format(**facts),
        "",
        gettext("The situation where you are: {page}/situation/").format(**facts),
        gettext("What should I do? {page}/guidance/").format(**facts),
        gettext("Is it true? {page}/myths/").format(**facts),
        gettext("Ask here whatever you want to know: write it."),
        gettext("Ill or worried? Write “self-check”."),
        gettext("A receipt: write its code."),
        "",
        gettext("Write “help” to see this again. 发送“中文”切换语言。"),
    ]
    return "\n".join(lines)


def _speak(inbound: Inbound, language: str) -> str:
    Follower.objects.filter(pk=inbound.follower).update(language=language)
    with translation.override(language):
        return words(inbound.account)
