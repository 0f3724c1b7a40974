"""What this room does when a room below it asks or tells something; `apps.py` loads it."""

from annotation.permissions import also_show_images
from annotation.signals import canvas_rescaled
from campaigns.actions.rescaling import follow_canvases
from campaigns.showing import images_of_campaigns

# The images of a source that is not public, for the people of the campaigns that ask about it.
also_show_images(images_of_campaigns)

# When the space of a canvas is scaled: tasks, answers and figures have places in it.
canvas_rescaled.connect(follow_canvases, dispatch_uid="campaigns")
