"""Words for stopping in languages whose sentences we do not read: as a whole message each is a stop."""

from consent.sms.wording.folding import folded, strip_symbols

# Languages that many people in the United States and Canada write; the word is theirs, whoever sends texts there.
_WORDS = (
    *("стоп", "хватит", "отписаться", "отписка"),  # Russian
    *("відписатися", "зупиніть"),  # Ukrainian
    *("停止", "停", "退订", "退訂", "取消", "取消订阅", "取消訂閱", "停止发送", "停止發送"),  # Chinese
    *("ストップ", "配信停止", "解除"),  # Japanese
    *("중지", "중단", "정지", "그만", "수신거부", "스톱"),  # Korean
    *("توقف", "قف", "إلغاء", "الغاء", "إيقاف", "لغو"),  # Arabic, Persian
    *("הסר", "עצור"),  # Hebrew
    *("रोको", "बंद करो", "स्टॉप"),  # Hindi
    *("dừng", "dừng lại", "ngừng", "ngưng", "hủy"),  # Vietnamese
    *("hinto", "ihinto", "itigil", "tigil", "itigil na"),  # Tagalog
    *("sispann", "kanpe", "στοπ", "σταματα"),  # Haitian Creole, Greek
    *("abmelden", "abbestellen", "stopp", "cancellami", "smetti", "wypisz", "rezygnuje", "descadastrar"),  # and others
)
# As folding leaves them, with the word as it is written.
FOREIGN = {strip_symbols(folded(word)): word for word in _WORDS}
