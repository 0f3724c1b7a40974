"""The settings of a campaign, a form for each section of their page; `frontend.forms.campaigns` puts them together."""
