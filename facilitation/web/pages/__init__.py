"""The pages, a module per noun."""

from flask import Blueprint

from facilitation.web.pages.phone import phone

BLUEPRINTS: tuple[Blueprint, ...] = (phone,)
