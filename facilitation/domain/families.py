"""Words that mean much the same in a forum, for those a stem does not bring together: « ados » and « jeunes ».

Each line is a family. The words are plain (no accents, no plural is needed) and looked up by their stems; a word may belong to
several families. What two texts share through a family counts for less than a word they both say.
"""

FAMILIES = (
    "jeune jeunesse ado adolescent lyceen collegien",
    "age aine ancien senior vieillir retraite vieillesse",
    "enfant bebe petit gamin ecolier tout-petits",
    "parent famille mere pere monoparental foyer",
    "argent budget financement financer payer subvention fonds moyens aide cout indemniser remunerer salaire",
    "benevole volontaire benevolat",
    "maison logement habitat habiter immeuble appartement location loyer chez toit",
    "velo bicyclette cyclable cycliste piste",
    "voiture auto automobile covoiturage autopartage",
    "train gare rail ligne ter",
    "bus car navette",
    "trajet transport deplacement mobilite route circuler circulation",
    "camion poids-lourd route",
    "manger repas cuisine cuisiner cantine alimentation nourriture restauration",
    "agriculture agriculteur paysan ferme producteur maraicher legume culture",
    "local ici proximite territoire terroir",
    "territoire territorial commune village bourg campagne rural quartier pays",
    "ecole classe scolaire eleve enseignant instituteur college",
    "apprendre former formation enseigner pedagogie transmettre eduquer education",
    "medecin docteur soin sante hopital infirmier soigner",
    "elu maire mairie municipal conseil politique commune communal collectivite",
    "citoyen habitant participation participer democratie voisin",
    "decider decision gouvernance consensus voter",
    "reunion assemblee conseil",
    "entreprise pme tpe societe employeur patron artisan firme",
    "travail emploi metier travailler job profession chomage",
    "association associatif collectif",
    "numerique internet ordinateur informatique ecran telephone logiciel",
    "eau riviere fleuve source piscine nappe",
    "energie chauffage chauffer chaudiere electricite solaire bois",
    "lumiere lampadaire eclairage eteindre lampe",
    "dechet ordure compost composter recyclage trier poubelle jeter",
    "reparer reparation bricolage recuperer reemploi",
    "arbre foret planter vegetal haie jardin jardiner",
    "chemin sentier randonnee promenade balade",
    "fete festival bal kermesse celebrer",
    "marche commerce boutique magasin vendre epicerie commercant",
    "memoire histoire patrimoine passe souvenir",
    "ouvrier usine industrie atelier",
    "langue patois dialecte parler",
    "lire lecture livre bibliotheque",
    "bruit sonore calme silence",
    "nuit soir minuit tard",
    "accueillir accueil bienvenue arriver nouveau arrivant installer",
    "partager echanger mutualiser commun ensemble echange",
    "cooperer cooperation collaborer partenariat partenaire alliance co-construire co-construction",
    "relier connecter reseau lien federer rassembler reunir",
    "experience retour pratique savoir savoir-faire connaissance competence",
    "initiative projet demarche action",
    "innover innovation innovant nouveau inventer",
    "idee imagination creatif",
    "folle fou deraisonnable utopie reve",
    "frein obstacle blocage barriere lever",
    "echec rate erreur",
    "succes reussite reussir",
    "long duree durer durable perenne perenniser temps",
    "diffuser essaimer repandre diffusion propager",
    "reperer detecter trouver identifier",
    "aider soutenir soutien accompagner accompagnement relayer appui",
    "lieu espace local salle endroit",
    "fermer fermeture disparition supprimer",
    "vide inoccupe abandonne vacant friche desaffecte",
    "releve succession futur avenir suite",
    "president dirigeant responsable tete",
    "animer animation facilitateur facilitation animateur",
    "climat planete ecologie environnement carbone rechauffement",
    "femme feminin egalite sexisme",
    "handicap accessibilite accessible fauteuil",
    "pauvrete precarite exclusion solidarite solidaire",
    "sport sportif gymnase stade",
    "musique chanson chant concert chorale",
    "theatre spectacle scene",
    "art artiste artistique culturel",
    "confiance conflit dispute mediation",
    "securite danger risque peur",
    "police gendarme delinquance",
    "migrant refugie etranger exil",
    "young youth teenager",
    "elderly old ageing senior",
    "money funding budget grant finance",
    "housing home flat house rent",
    "bike bicycle cycling",
    "car driving vehicle carpool",
    "school teacher pupil classroom",
    "doctor health care hospital nurse",
    "food meal cooking canteen eat",
    "job work employment trade",
    "share exchange together common",
    "learn training teach education",
)

# Words that tell nothing of what a topic is about, in French and in English.
_EMPTY = """
a afin ai aller alors an and apres are as at au aucun aura aussi autour autre autrement autres aux avant avec avez avoir avons
be bien by c ca can car ce ceci cela celle celui ces cet cette ceux chacun chaque chez ci combien comme comment contre d dans
de dehors depuis des deux devant devenir do doit doivent donc donner dont du elle elles en encore enfin entre es est et
etaient etait etant ete etre eu eux faire fait faut favoriser fois for fort from get have how ici il ils in is it its j je
jusqu l la le les leur leurs lors lui ma mais me meme mes mettre mieux moi moins mon more my n ne ni non nos not notre nous of
on ont or ou oui our par parce pas pendant peu peut plus plutot pour pourquoi pouvoir prendre qu quand que quel quelle quelles
quels qui quoi rendre s sa sans se sera ses should si so soi son sont sous sur ta tant te tel tes that the their them this to
toi ton tous tout toute toutes tres trop tu un une us venir vers veut via voici voir vont vos votre vous we what when where
which who why will with y you your
"""
EMPTY = frozenset(_EMPTY.split())
