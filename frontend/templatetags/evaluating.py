"""How near is found, in the words of an evaluation's page."""

from django import template

from frontend.nearness import far, near

register = template.Library()
register.filter("far", far)
register.filter("near", near)
