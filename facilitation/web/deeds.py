"""What the team did, as sentences: one for each command that can be taken back."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_babel import pgettext

from facilitation.web.words import language, word

DEEDS = {
    "go_to_moment": _("%(who)s a ouvert « %(moment)s »"),
    "skip_moment": _("%(who)s a sauté un moment"),
    "shift_rest": _("%(who)s a décalé la suite de %(minutes)s min"),
    "extend_moment": _("%(who)s a ajouté %(minutes)s min"),
    "arrange_moments": _("%(who)s a changé le programme"),
    "save_moment": _("%(who)s a changé un moment du programme"),
    "move_moment": _("%(who)s a déplacé un moment du programme"),
    "remove_moment": _("%(who)s a retiré un moment du programme"),
    "edit_event": _("%(who)s a changé la présentation du forum"),
    "set_rules": _("%(who)s a changé les règles"),
    "announce": _("%(who)s a retiré le message des téléphones"),
    "call_plenary": _("%(who)s a appelé tout le monde en plénière"),
    "blank_screen": _("%(who)s a éteint l’écran"),
    "undo": _("%(who)s a annulé une action"),
    "hide_name": _("%(who)s a masqué un nom"),
    "restore_name": _("%(who)s a remis un nom"),
    "hide_topic": _("%(who)s a masqué le sujet %(number)s"),
    "restore_topic": _("%(who)s a affiché le sujet %(number)s"),
    "add_author": _("%(who)s a ajouté un nom aux auteurs d’un sujet"),
    "drop_author": _("%(who)s a retiré un nom des auteurs d’un sujet"),
    "give_microphone": _("%(who)s a passé le micro"),
    "pass_pitch": _("%(who)s a retiré un sujet de la file du micro"),
    "line_up_all": _("%(who)s a mis tout le mur dans la file du micro"),
    "move_pitch": _("%(who)s a changé l’ordre au micro"),
    "split_group": _("%(who)s a séparé un regroupement"),
    "add_to_ballot": _("%(who)s a ajouté un sujet au vote"),
    "add_all_to_ballot": _("%(who)s a ajouté au vote les sujets arrivés après"),
    "close_vote": _("%(who)s a clos le vote"),
    "open_vote": _("%(who)s a ouvert le vote"),
    "new_round": _("%(who)s a ouvert un autre tour de vote"),
    "admit_voter": _("%(who)s a inscrit quelqu’un au vote"),
    "add_room": _("%(who)s a ajouté une salle"),
    "edit_room": _("%(who)s a changé une salle"),
    "remove_room": _("%(who)s a retiré une salle"),
    "open_workshop": _("%(who)s a ouvert l’atelier %(number)s"),
    "keep_topics": _("%(who)s a retenu des sujets"),
    "edit_workshop": _("%(who)s a changé l’atelier %(number)s"),
    "place_workshop": _("%(who)s a déplacé l’atelier %(number)s"),
    "fill_grid": _("%(who)s a rempli les cases libres"),
    "arrange_grid": _("%(who)s a composé la grille"),
    "cancel_workshop": _("%(who)s a annulé l’atelier %(number)s"),
    "restore_workshop": _("%(who)s a remis l’atelier %(number)s"),
    "twin_workshop": _("%(who)s a dédoublé un atelier"),
    "show_heads": _("%(who)s a montré au projecteur combien sont dans chaque salle"),
    "open_claim": _("%(who)s a laissé tout le monde choisir sa case"),
    "blank_claim": _("%(who)s a vidé l’écran avant l’agenda"),
    "reveal_agenda": _("%(who)s a montré l’agenda à tous"),
    "end_claim": _("%(who)s a mis fin au choix des cases"),
    "present_workshop": _("%(who)s a donné la parole à l’atelier %(number)s"),
    "pass_workshop": _("%(who)s a passé l’atelier %(number)s"),
    "set_talk": _("%(who)s a réglé la restitution de l’atelier %(number)s"),
    "move_talk": _("%(who)s a changé l’ordre de la restitution"),
    "save_template": _("%(who)s a changé un modèle de fiche"),
    "remove_template": _("%(who)s a retiré un modèle de fiche"),
    "save_layout": _("%(who)s a changé la mise en livre du compte-rendu"),
    "choose_template": _("%(who)s a choisi un modèle de fiche"),
    "hide_remark": _("%(who)s a masqué une remarque"),
    "restore_version": _("%(who)s a remis une fiche à un état précédent"),
    "restore_remark": _("%(who)s a affiché une remarque"),
    "mark_held": _("%(who)s a remis l’atelier %(number)s"),
    "merge_workshops": _("%(who)s a réuni l’atelier %(number)s à un autre"),
    "part_workshops": _("%(who)s a séparé l’atelier %(number)s"),
    "nudge": _("%(who)s a relancé qui prend les notes"),
    "take_back_room_code": _("%(who)s a repris le code d’une salle"),
    "hand_pen": _("%(who)s a nommé qui prend les notes"),
    "hide_engagement": _("%(who)s a masqué l’engagement %(number)s"),
    "restore_engagement": _("%(who)s a affiché l’engagement %(number)s"),
}  # fmt: skip
OTHERWISE = {
    "show_heads": _("%(who)s a retiré du projecteur le nombre par salle"),
    "mark_held": _("%(who)s a noté que l’atelier %(number)s n’a pas eu lieu"),
    "present_workshop": _("%(who)s a rendu la parole à la salle"),
    "pass_workshop": _("%(who)s a remis l’atelier %(number)s à la restitution"),
    "skip_moment": _("%(who)s a remis un moment"),
    "announce": _("%(who)s a écrit à tous les téléphones"),
    "call_plenary": _("%(who)s a laissé reprendre"),
    "blank_screen": _("%(who)s a rallumé l’écran"),
}


def deed(command: str, actor: str, minute: int, about: dict[str, Any]) -> str:
    """Who did what, and when: « Ana Pires a ajouté 10 min à 15 h 47. »"""
    turned = about.get("on_text") if command == "announce" else about.get("on") is False and command in OTHERWISE
    sentence = str((OTHERWISE if turned else DEEDS)[command])
    known = {"who": actor or word("L’équipe"), "moment": "", "minutes": "", "number": "", **about}
    return word("%(deed)s à %(time)s.", deed=sentence % known, time=hour(minute))


def undoing() -> str:
    """The verb that takes an act back; in other languages it is not the one that closes a question."""
    return str(pgettext("act", "Annuler"))


def hour(minute: int) -> str:
    """A time of day as the reader's language writes it: 15 h 47, 9 h; 15:47."""
    hours, rest = divmod(minute % 1440, 60)
    if language() != "fr":
        return f"{hours}:{rest:02d}"
    return f"{hours}\u00a0h\u00a0{rest:02d}" if rest else f"{hours}\u00a0h"
