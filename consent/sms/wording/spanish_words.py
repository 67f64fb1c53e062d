"""Spanish words by kind, of both continents; misspellings stand beside what they mean."""

WORDS = {
    "DEJA": "deja deje dejen dejad dejar dejes dejenn dejo dejaran dejasen dejara",
    "CEASE": "detengan detenga deten detener detente detenganse paren parar pare parad parenle parale parele"
    " pares cesen cese cesar paro",
    "FINE": "parele parale parenle para pare paren detente detengan deten pares detenganse cesen",
    "BAN": "apaguen apaga apagar apague cancela cancelar cancelen cancele cancelo cancelenme suspendan"
    " suspender suspenda suspende"
    " desactiven desactivar desactive desactiva eliminen quiten quitar paro termina terminen anulen anular",
    "TEXTS": "mensajeo mensajitos mensajerias masivos enbios notis spam mensaje mensajes mensajito"
    " mensajitos mensage mensages mensajeria msj msjs msjes sms texto"
    " textos texteo publicidad promocion promociones propaganda aviso avisos alertas alerta notificacion"
    " notificaciones oferta ofertas anuncio anuncios recordatorio recordatorios comunicaciones comunicacion"
    " whatsapp correos envios",
    "SENDING": "recordarme avisarme notificarme informarme recordando avisando notificando fregando"
    " jorobando hinchando moliendo enchinchando atosigando bombardeando bombardear"
    " atosigar bombardearme fregar jeringar hinchar jorobar insistirme fregarme escribirme escribirnos"
    " escrivirme"
    " escribir escribiendo escribiendome molestarme molestar molestando molestandome llamarme llamarnos"
    " llamando"
    " textearme textear texteando contactarme contactar contactando escribirle joder jodiendo joderme chingar"
    " chingando fastidiar fastidiarme acosarme acosar acosando hostigarme mensajearme mensajear spamear"
    " spamearme"
    " texteandome llamandome insistir insistiendo mandandome enviandome mandarme enviarme",
    "SENDV": "mandar enviar mandando enviando mandarnos enviarnos mandarle enviarle",
    "MANDEN": "mandes manden mande mandeis mandas envies envien envie envieis mandara mandaran enviaran"
    " lleguen llegue sigas sigan siga mandarme enviarme enviar mandar envia manda",
    "ESCRIBAN": "joroben jorobe hinchen hinche fastidie fastidies frieguen texees texeen mensajee hable"
    " hables atosiguen acosen acose hostiguen insistais jodan joda jodas chinguen chingues frieguen"
    " friegues jeringuen insistan insista insistas"
    " escribas escriba escriban escribais escrivan escriva contactes contacte contacten contacteis llames llame"
    " llamen llameis molestes moleste molesten molesteis textees textee texteen mensajeen escribieran llamaran"
    " escribir contactar llamar molestar textear busquen busques hablen molestarme escribirme fastidien"
    " texteeis",
    "ESCRIBEN": "escriben escribes escribe mandan mandas manda envian envias escribir mandando escribiendo"
    " contactan llaman textean molestan molestando llamando enviando",
    "NOES": "yano no nunca jamas noo ni",
    "MEES": "m me nos mi",
    "MAS": "mas nada ningun ninguna nunca jamas",
    "QUIERO": "solicito kisiera qiero quieo prefiero preferiria gustaria quiero kiero quisiera deseo"
    " queremos necesito deseamos",
    "RECIBIR": "recibir recivir recibiendo ver leer",
    "DET": "los las la el lo un una de del sus tus su tu mis mi estos estas este esta esos esas esa mas"
    " tantos tantas todos todas todo con a al ningun ninguna otro otros vuestros vuestras cualquier",
    "ESTO": "esto eso esos estos nada",
    "QUITAME": "kitenme kitame kiteme quitame quitenme quiteme quitarme quitadme sacame saquenme saqueme"
    " sacarme borrame borrenme borreme borrarme eliminame eliminenme elimineme eliminarme retirame retirenme"
    " retireme remuevanme remuevame remueveme bajenme bajame excluyanme sacadme",
    "BORRA": "quitele quitenle quitale borrenle borrele saquenle saquele borrale den descarten descarte"
    " kiten kita kiteme bloqueen bloquea bloquee bloquear quitaran sacaran"
    " borraran eliminaran saques"
    " quites borres elimines borra borre borren borrar elimina elimine eliminen eliminar quita quite quiten"
    " quitar"
    " saca saque saquen sacar retiren retire retira remuevan remueva remover olviden olvida olvidate olvidense",
    "MINUM": "mi este el",
    "NUM": "linea numero num telefono celular cel movil nro",
    "LISTA": "registros archivos bases sistemas archivo contacto listas listado lista listas sistema base"
    " registro grupo agenda contactos directorio",
    "DAR": "dando dan deis dieran diera dadme dadnos dame deme denme darme dar doy den dad da darnos solicito"
    " pido quiero darse",
    "SERVICIO": "servicio servicios internet linea cuenta contrato plan cable luz agua telefono modem seguro"
    " television tele membresia",
    "CONSENTIMIENTO": "consentimiento permiso autorizacion aprobacion",
    "REVOCO": "revoco retiro anulo cancelo revocar retirar quito",
    "DESUSCRIBIR": "desapuntenme desapunteme unsuscribirme desubscribir desubscribirme desubscribeme"
    " desuscriba desuscribo desuscribir desuscribirme desuscribanme desuscribirse desuscribeme desuscribame"
    " desinscribir desinscribirme desuscripcion desafiliar desafiliarme desafilienme desapuntarme",
    "EQUIVOCADO": "ekivocado ekivokado equivokado eqivocado ekivoco equivocado equivocada equivoco"
    " equivocaron equivocaste equivocas equivocan equivocados"
    " confundieron confundio equibocado incorrecto erroneo",
    "DIJE": "dije dijimos pedi dicho pedido avise repeti escribi puse solicite pedimos mande conteste respondi",
    "DEMANDA": "demando demandar demandare denuncio denunciar denunciare denunciarlos demandarlos denuncia"
    " demanda abogado policia profeco acoso reporto reportar reportarlos quejas bloqueo",
    "BORRADO": "eliminado eliminada borrado borrada retirado retirada quitado quitada removido removida"
    " excluido excluida dado dada sacado sacada suprimido suprimida",
    "ELES": "el ella vecino vecina esposo esposa marido mujer hijo hija mama papa hermano hermana amigo"
    " amiga jefe jefa dueno duena inquilino inquilina cunado suegra novio novia abuela abuelo roommate tio"
    " tia primo prima",
    "PREFIERO": "prefiero preferiria prefeririamos agradeceria agradecere agradezco gustaria encantaria apreciaria",
    "AVISEN": "avisen avise avises notifiquen notifique notifiques informen informe informes alerten recuerden",
    "BUS": "bus parada",
    "ESCRIBIERAN": "escribieran mandaran enviaran contactaran llamaran molestaran textearan enviase"
    " enviasen escribiese escribiesen mandasen molestara molestasen escribiera contactara llamara enviara"
    " mandara",
    "BASTA": "basta alto vasta cero",
    "PAZ": "paz tranquilo tranquila tranquilos tranquilas",
    "DEJAME": "dejame dejenme dejeme dejanos dejennos dejenos dejadme",
    "PIDO": "ya que quiero quieren a si ok pues favor hola oye oigan gracias senores senor senora senorita"
    " disculpe perdon bueno les pido digo entonces por se lo le los buenas buenos dias tardes noches me amigo"
    " amigos yo hey",
    "YA": "y ya ahora hoy inmediatamente todo esto eso gracias mismo favor por ok mas",
    "TIEMPO": "antes despues hasta durante cuando mientras",
    "DATOS": "datos informacion info",
    "BORRADATOS": "borra borre borren borrar elimina elimine eliminen eliminar supriman suprime borrado eliminacion",
    "VOLVER": "vuelvan vuelva vuelvas vuelven volver vuelves volvais",
    "TIREN": "tiren tire tires echen eche eches avienten aviente avientes suelten suelte sueltes pasen"
    " pase pases"
    " caigan caiga caigas metan tiraran tirara echaran echara pasaran pasara aventaran reenvien",
    "TIRAR": "tirar tirarme tirarnos tirando tirandome echar echarme echando echandome aventar aventarme"
    " aventando"
    " aventandome soltar soltarme pasar pasarme pasando pasandome",
    "LLEGUEN": "lleguen llegue llegaran llegara llegasen llegase entren entre entraran entrara aparezcan"
    " aparezca"
    " caigan caiga cayeran salgan",
    "SIGAN": "sigan siga sigas siguieran siguiera siguieras continuen continue continuaran continuara anden esten",
    "LLEGAR": "llegarme llegarnos llegar llegando llegandome entrarme cayendo cayendome",
    "PARARAN": "dejen deje dejaran dejara dejasen paren pararan cesen cesaran",
    "APUNTEN": "apuntenme apunteme apuntame inscribanme inscribame inscribeme ponganme pongame ponme agreguenme"
    " agregueme agregame anadanme anadame suscribanme suscribame suscribeme registrenme registreme incluyanme"
    " incluyame metanme meteme ponerme apuntarme inscribirme agregarme anadirme suscribirme registrarme"
    " incluirme",
    "HARTE": "canse cansaron cansan hartaron harte hartan aburri aburrieron colmaron",
    "CLIENTES": "clientes usuarios suscriptores miembros lectores visitantes contactos destinatarios",
    "PAREN": "deja deje dejen dejad dejes detengan detenga paren pare parad pares cesen cese",
    "MANY": "mensajes mensajitos msjs textos sms alertas notificaciones promociones avisos mensages"
    " publicidad spam whatsapps",
}
