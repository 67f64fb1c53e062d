"""The words of somebody who plainly wants the messages back: with any other beside them, a person must look.

A wish followed by a dare, a price or a comparison is a warning or a jest. No list of these is ever complete, so
this one names what a plain wish is made of.
"""

from collections.abc import Iterable

_ENGLISH = (
    "i id im we us me my mine you u your ur yall the a an this these those that it them one all any to"
    " for of on in"
    " into onto by with at from and or so then please can could would will may want wanna like love need"
    " wish have get"
    " getting receive receiving see be been go ahead ready allow allowed agree consent ok okay k yes"
    " yeah yep sure fine"
    " hi hello hey good great thanks thank appreciate happy back again now once more still also too"
    " today start starting"
    " resume restart begin continue send sending sent text texts texting txt txts message messages"
    " messaging msg msgs sms"
    " alert alerts notification notifications reminder reminders update updates notice notices promo"
    " promos offers deals"
    " newsletter coupons news info information opt opting optin in sign signed up subscribe resubscribe"
    " subscribed enroll"
    " reenroll put add added place turn list lists service services program system database number phone"
    " cell mobile line"
    " account changed mind sorry did do was is are not over as usual before normal regular just actually really"
    " outage outages power internet wifi network service bill billing payment rent lease maintenance building"
    " appointment appointments technician delivery order account weather emergency security school"
    " weekly monthly daily"
    " number name miss missed"
)
_SPANISH = (
    "yo me mi mis nos nosotros ustedes usted su sus tu tus los las el la lo un una de del al a en con"
    " por para que y o"
    " si ya ahora hoy bueno buenos buenas dias tardes noches hola quiero quisiera gustaria deseo"
    " necesito pueden puede"
    " puedes podrian podria volver vuelvan vuelva vuelvas a recibir recibiendo mandar mandarme mandenme"
    " mandando enviar"
    " enviarme enviando envienme manden envien escribir escribirme escribiendo poner ponerme mensaje"
    " mensajes texto"
    " textos sms alerta alertas aviso avisos notificacion notificaciones recordatorio recordatorios"
    " promociones ofertas"
    " otra vez nuevo nuevamente mas alta lista listas servicio numero telefono celular otra favor"
    " gracias dar denme deme"
    " dame darme apuntenme apunteme apuntame inscribanme inscribame inscribeme ponganme pongame ponme"
    " agreguenme"
    " agregueme agregame anadanme anadame suscribanme suscribame suscribeme registrenme registreme"
    " incluyanme incluyame"
    " metanme apuntarme inscribirme agregarme suscribirme cambie opinion luz agua internet cita citas"
    " pago factura renta"
)
_FRENCH = (
    "je j moi me m mon ma mes nous vous tu votre vos ton tes le la les l un une des de du d au aux a en"
    " et ou sur dans"
    " pour par que oui ok merci svp stp bonjour bonsoir salut maintenant encore nouveau nouvelle fois"
    " veux voudrais"
    " aimerais souhaite desire pouvez peux pourriez recevoir avoir recommencez recommencer recommence"
    " reprenez reprendre"
    " remettez remets remettre ajoutez ajoute ajouter rajoutez rajoute inscrivez inscris inscrire"
    " reinscrivez reinscrire"
    " reabonnez reabonner reabonne abonnez abonner abonne mettez mets envoyer envoyez envoie envoi"
    " ecrire ecrivez texter"
    " textez contacter message messages texto textos sms alerte alertes avis rappel rappels notification"
    " notifications"
    " promos offres infolettre liste listes service numero cellulaire telephone panne pannes facture"
    " rendez ce ces cet"
    " cette change idee ravoir retrouver avis ne texte textes"
)
_PLAIN = frozenset(_ENGLISH.split()) | frozenset(_SPANISH.split()) | frozenset(_FRENCH.split())


def plain_wish(found: Iterable[str]) -> bool:
    """Is each of these words one that a plain wish for messages is made of? Marks and numbers do not count."""
    return all(word in _PLAIN or not word.isalpha() for word in found)
