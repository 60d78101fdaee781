"""The words invented forums are made of. Every list is of one kind, so that whatever is drawn makes a sentence."""

FIRST_NAMES = (
    "Aline", "Amadou", "Anaïs", "Armel", "Baptiste", "Bérénice", "Brahim", "Camille", "Capucine", "Corentin", "Cyrielle",
    "Delphine", "Djibril", "Églantine", "Élie", "Émeric", "Fanny", "Félicien", "Gaëlle", "Ghislain", "Hortense", "Idris",
    "Inès", "Joséphine", "Kévin", "Leïla", "Loïc", "Ludivine", "Maëlys", "Marius", "Nadège", "Noémie", "Octave", "Perrine",
    "Quentin", "Roxane", "Salomé", "Théophile", "Ursule", "Violette", "Yacine", "Zélie",
)  # fmt: skip
LAST_NAMES = (
    "Aubrac", "Bellanger", "Besnard", "Cazaux", "Chabert", "Coudray", "Daguerre", "Delmas", "Escoffier", "Fabre", "Fontanel",
    "Gaudin", "Guérin", "Haddad", "Hervieu", "Issartel", "Jourdan", "Kervella", "Laborde", "Lacaze", "Mabille", "Marchais",
    "Navarro", "Nivelle", "Orsini", "Pasquier", "Peyrot", "Quillet", "Rambaud", "Rouvière", "Sabatier", "Sénéchal",
    "Tavernier", "Thévenot", "Urbain", "Vasseur", "Verdier", "Vignaud", "Wagner", "Ybert", "Zeller",
)  # fmt: skip
PLACES = (
    "au centre-bourg", "dans la vallée", "dans les hameaux", "entre voisins", "sur le plateau", "dans nos quartiers",
    "d’une commune à l’autre", "près de la gare", "au marché", "en hiver", "pendant l’été", "hors saison",
    "dans les écoles", "au pied des immeubles", "le long de la rivière",
)  # fmt: skip
# Things that can be opened, shared, financed, cared for: plural, with their article.
THINGS = (
    "les jardins partagés", "les ateliers de réparation", "les chemins creux", "les cantines", "les logements vides",
    "les haies", "les cafés associatifs", "les lignes de car", "les bibliothèques", "les fours à pain", "les friches",
    "les berges", "les salles communes", "les vergers", "les savoir-faire", "les archives du pays", "les lavoirs",
    "les ressourceries", "les crèches", "les aires de jeux", "les outils de chantier", "les fêtes de village",
    "les granges", "les sentiers", "les commerces de passage", "les vélos de prêt", "les puits", "les potagers d’école",
)  # fmt: skip
WHO = (
    "les jeunes", "les anciens", "les nouveaux habitants", "les saisonniers", "les artisans", "les maraîchers", "les élus",
    "les aidants", "les bénévoles", "les lycéens", "les infirmières", "les parents seuls", "les commerçants", "les pompiers",
    "les musiciens", "les locataires", "les apprentis", "les retraités",
)  # fmt: skip
# What one can do with a thing, and with people: infinitives that take no preposition.
DOING = (
    "ouvrir", "partager", "relier", "faire vivre", "remettre en service", "entretenir", "transmettre", "financer",
    "protéger", "cartographier", "rouvrir", "raconter", "prêter", "réparer",
)  # fmt: skip
MEETING = (
    "accueillir", "écouter", "retrouver", "associer", "former", "réunir", "inviter", "soutenir", "remercier", "loger",
)  # fmt: skip
# Why, or how far: what a question may end on.
ENDS = (
    "sans y perdre son temps", "avec trois fois rien", "pour plus d’une saison", "sans attendre un budget",
    "quand personne ne s’y connaît", "sans épuiser les mêmes personnes", "en gardant l’esprit du début",
    "dès cette année", "sans couper l’herbe sous le pied des voisins", "au-delà du premier élan",
)  # fmt: skip
ASKING = ("Quelle place pour", "Que deviennent", "Qui s’occupe de", "Jusqu’où faire confiance à")
STAKES = (
    "La fatigue des équipes", "Le prix du foncier", "La peur de déranger", "Le manque de relève", "La distance",
    "Le bruit des jours de fête", "La météo", "Les assurances", "La lenteur des accords", "Les clés que personne n’a",
    "Le mot « projet » qui fait fuir", "La concurrence des écrans", "Le temps de midi, seul moment libre pour tous",
)  # fmt: skip
PROOFS = (
    "Un tableau d’affichage tenu par la boulangère", "Une corvée de deux heures, jamais plus", "Une clé chez l’épicier",
    "Un carnet qui passe de main en main", "Une caisse commune à dix euros", "Des repas où chacun apporte un banc",
    "Un référent par rue, changé chaque saison", "Un camion prêté le premier samedi", "Une permanence au pied du château d’eau",
)  # fmt: skip
ACTS = (
    "Dresser la liste de ce qui existe", "Demander une clé à la mairie", "Écrire à la communauté de communes",
    "Tenir une permanence le jeudi", "Ouvrir une cagnotte", "Visiter trois lieux qui marchent", "Passer une annonce au marché",
    "Essayer un samedi, puis en reparler", "Trouver un lieu sec pour l’hiver", "Fixer une date avant de partir",
)  # fmt: skip
WHY = (
    "parce que chacun attend que l’autre commence", "car les premiers rendez-vous donnent le ton",
    "à condition d’en parler avant l’automne", "même si cela prend une année de plus",
    "comme on l’a fait pour la salle des fêtes",
    "sans quoi l’envie retombe", "et d’abord avec celles et ceux qui passent tous les jours",
)  # fmt: skip
WILD = (
    "Un carrousel qui produit son courant", "Une nuit où toutes les portes restent ouvertes", "Un tribunal des objets cassés",
    "Une chorale pour les réunions trop longues", "Un car qui s’arrête où l’on chante", "Une monnaie en graines de courge",
)  # fmt: skip
SMALL = ("Avec qui", "À quel prix", "Pour combien de temps", "Qui tient les clés", "Où, quand il pleut", "Avec quels outils")
HEADINGS = {
    "stakes": ("Enjeux", "Ce qui se joue", "Enjeux et besoins", "État des lieux"),
    "proofs": ("Bonnes pratiques", "Ce qui marche déjà", "Exemples d’ici"),
    "needs": ("Besoins", "Ce qu’il nous faut"),
    "acts": ("Actions", "Actions proposées", "Idées concrètes", "Qui fait quoi"),
    "wild": ("Idées folles",),
}
PROMISES = (
    "tenir la permanence du jeudi", "prêter ma remorque", "inviter deux voisins à la prochaine rencontre",
    "relire le dossier avant l’envoi", "ouvrir mon atelier un samedi par mois", "appeler la mairie dès lundi",
    "garder la liste des adresses à jour", "apporter le café des trois prochaines réunions", "dessiner le plan du lieu",
    "raconter cette journée à mon équipe", "chercher une salle pour l’hiver", "écrire le compte-rendu de la visite",
)  # fmt: skip
WORDS = (
    "Je repars avec trois noms et une date.", "On s’est écoutés jusqu’au bout, c’est rare.", "Le plus dur sera lundi matin.",
    "J’étais venue voir ; je reviens avec une clé.", "Il manquait des jeunes : allons les chercher.",
)  # fmt: skip
