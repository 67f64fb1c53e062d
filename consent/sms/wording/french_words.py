"""French words by kind, of both continents; misspellings stand beside what they mean."""

WORDS = {
    "CEASE": "interrompez interrompre arretiez cessiez arrete arretes arretez arreter aretez areter arette"
    " arettez cessez cesse"
    " cesser stoppez stopper stoppe arretezz arrettez",
    "FINEF": "cesser arretons arrete arretez arreter aretez arrettez cessez stoppez stop arret",
    "BAN": "resilie fermez fermer coupe couper eteignez resiliez resilier annulez annuler annule desactivez"
    " desactiver desactive supprimez supprimer"
    " suspendez bloquez coupez",
    "TEXTS": "avis message messages msg msgs texto textos sms envoi envois pub pubs publicite publicites promo"
    " promos promotion promotions alerte alertes notification notifications courriel courriels mails infolettre"
    " rappel rappels contact offre offres spam spams pourriels sollicitations sollicitation texte textes"
    " demarchage",
    "SENDING": "inonder bombarder fatiguer tanner saouler souler ennuyer recontacter mecrir ecrir"
    " textoter ecrire texter"
    " contacter deranger appeler achaler harceler embeter importuner relancer"
    " solliciter spammer spamer emmerder gosser ecoeurer menvoyer mecrire mappeler",
    "SENDV": "balancer garrocher adresser transmettre expedier renvoyer envoyer envoye envoyez",
    "ENVOYEZ": "balancez balance garrochez envoyez envoie envoies envoyer envoye envoyé adressez adresser",
    "ECRIVEZ": "recontactez ecrivé ecrive textoter fatiguez tannez gossez dérangé parlez ecrivez ecris"
    " ecrit ecrire contactez contacte contacter textez texte texter textes appelez"
    " appelle appeler derangez derange deranger importunez importuner harcelez harceler sollicitez solliciter"
    " embetez text achalez relancez",
    "NE": "ne n",
    "PLUS": "plus pu pus jamais pas",
    "NEMORE": "plus pu pus jamais",
    "MEF": "me m moi nous",
    "DET": "les des le la l de d vos votre ces ce cette tes ton ta mes mon ma un une tous toutes tout aucun"
    " aucune autres autre vot aux",
    "RIEN": "rien ca cela aucun aucune",
    "VEUX": "jveu jvx jaimerais jvoudrais vx prefere prefererais prefererai preferons apprecierais veux"
    " souhaite desire voudrais aimerais veut souhaitons voulons veu",
    "RECEVOIR": "recevoir avoir voir lire",
    "RETIREZ": "perdez perds jetez jette detruisez biffez biffer radiez radier retiree enlevee supprimee"
    " desinscrite desabonnee desinscrit retirez retire retirer enlevez"
    " enleve enlever otez ote oter supprimez supprime supprimer effacez efface effacer rayez raye rayer sortez"
    " sors sortir desinscrivez desabonnez oubliez oublie",
    "NUMERO": "numero num tel telephone cell cellulaire portable",
    "LISTE": "fichiers dossiers bottin envois carnet diffusion liste listes base systeme fichier fichiers"
    " repertoire registre contacts envoi",
    "DESABONNER": "desabonner desabonnez desabonne desabonnement desinscrire desinscrivez desinscris"
    " desinscription desabonnes desinscrit desabonnée",
    "CONSENTEMENT": "consenti consentement accord autorisation permission",
    "REVOQUE": "retire revoque annule retirer revoquer",
    "TROMPEZ": "trompez trompes trompe trompee trompent trompé",
    "DIT": "fait mis tape texte envoye dit demande repete ecrit repondu redit prie demander averti",
    "PLAINTE": "plainte plaintes avocat poursuis poursuivre poursuites denonce denoncer police cnil crtc"
    " signale harcelement tribunal justice",
    "DITES": "est ce que pouvez pourriez voulez allez moi je vous ai deja d de et alors bon ok merci oui non"
    " monsieur madame donc maintenant veuillez svp on faut il s tout te t prie demande les merde bonjour"
    " bonsoir"
    " salut",
    "TOUTDESUITE": "et oui maintenant ca tout suite de immediatement merci la ok svp cela stp",
    "HEURE": "avant apres pendant jusqu quand lorsque",
    "DONNEES": "donnees informations renseignements",
    "CESSENT": "cessent arretent stoppent cesse arrete stoppe",
    "ILF": "il elle voisin voisine mari femme fils fille mere pere frere soeur ami amie proprietaire"
    " colocataire locataire patron conjoint conjointe oncle tante collegue beau belle",
    "PAPIER": "facture factures papier releve releves prelevement assurance option options forfait tele"
    " television internet service services magazine chaine chaines cable poste postes bouquet fibre"
    " films film sport sports journal ligne compte courrier",
    "MARRE": "marre tanne tannee tannes assez ecoeure ecoeuree ras",
    "ECRIVIEZ": "texteriez envoyez envoies ecrives textes contactes ecriviez envoyiez contactiez textiez"
    " appeliez derangiez",
    "MANY": "avis messages pub texto messages textos sms alertes notifications pubs publicites courriels"
    " envois rappels"
    " promos promotions",
    "ARRIVENT": "arrivent arrive viennent rentrent entrent parviennent apparaissent",
    "REMETTEZ": "remettez remets remettre rajoutez rajoute rajouter reinscrire reinscrivez reabonner reabonnez",
    "INSCRIVEZ": "inscrivez inscris inscrire ajoutez ajoute ajouter mettez mets mettre replacez abonnez abonne",
    "CLIENTELEF": "clients clientes utilisateurs abonnes membres lecteurs visiteurs destinataires contacts",
    "RECOIT": "recois recoit recevons recevez ai a avons avez eu recu vois arrive arrivent y",
}
