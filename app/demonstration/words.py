"""What invented people write, in their own way; no name, no number, no real person."""

WORDS = (
    "Merci pour votre patience.",
    "J’ai enfin compris comment retrouver mon mot de passe. Merci 🌻",
    "Très bon accueil, on prend le temps de m’expliquer.",
    "C’était un peu rapide pour moi.",
    "Je reviendrai avec ma voisine.",
    "On rit, on apprend, et on ne se moque pas de nous.",
    "J’aurais aimé plus de temps sur l’ordinateur.",
    "L’atelier du mardi est complet trop vite.",
    "Je suis contente, j’ai envoyé mon dossier toute seule.",
    "Les explications étaient claires.",
    "شكرا جزيلا على المساعدة",
    "- bonne ambiance\n- bonnes explications",
    "Il y avait trop de bruit dans la salle.",
)

DIFFICULTIES = (
    "Les mots de passe, je les oublie toujours.",
    "Le site change tout le temps.",
    "Je n’ose pas cliquer quand je suis seule chez moi.",
    "Je n’ai pas d’ordinateur, et mon téléphone est trop petit.",
    "Joindre un document à un message.",
    "Comprendre les lettres de l’administration.",
    "L’attente, le mardi surtout.",
    "Les codes reçus par SMS arrivent trop tard.",
    "Lire le français reste difficile pour moi.",
    "Rien, ça va.",
)

STORIES = (
    "Avant, je demandais à ma fille pour tout. Maintenant je me débrouille. Je suis fière !",
    "J’avais peur de tout casser. Maintenant j’ose essayer, et si ça bloque je reviens.",
    "J’ai pu déclarer mes revenus moi-même. Il m’a fallu trois séances.",
    "Je fais des appels en vidéo avec mon petit-fils. On se voit toutes les semaines.",
    "J’avais droit à une aide pour mon loyer, je ne le savais pas.",
    "Franchement, je n’y arrive toujours pas. Mais ici on m’écoute.",
)

#: What partners write, of the people they know: never in the words of these people.
EXAMPLES = (
    "Une dame que nous suivons a fait seule sa demande de retraite.",
    "Plusieurs familles retrouvent leur compte sans passer par nous.",
    "Un monsieur que nous suivons envoie maintenant ses justificatifs sans nous.",
    "Ils nous appellent moins pour un mot de passe oublié.",
    "Je n’ai pas encore assez de recul pour le dire.",
)
EXPECTATIONS = (
    "Une permanence dans nos locaux, une fois par mois.",
    "Savoir quand une personne que nous avons orientée est venue.",
    "Des places en dehors des heures de travail.",
)

#: Communes of an imaginary canton: sixty lieux take their names from them.
PLACES = (
    "Médiathèque",
    "Maison de quartier",
    "Mairie",
    "Centre social",
    "France services",
    "Foyer des aînés",
)
COMMUNES = (
    "Kerlann",
    "Saint-Aubin-des-Landes",
    "Trévenec",
    "Plouvara",
    "Lanvily",
    "Roc’h-Glaz",
    "Penhoët",
    "Goasven",
    "Bourg-Blanc",
    "Ty-Nevez",
)
#: The first of the lieux, where a demonstration asks the most.
FIRST_LIEU = f"{PLACES[0]} de {COMMUNES[0]}"
ACTIONS = ("Ateliers du mardi", "Permanences", "Accompagnement individuel", "Itinérance")
