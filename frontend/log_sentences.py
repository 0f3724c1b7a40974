"""What long work writes into its log, in English, with the places of what it names: for readers of other languages.

The rooms that write these sentences know no reader (some of them know no Django): they write what happened once, in
English, and it is kept like that. A sentence that is missing here is shown as it was written, marked as English.
"""

from django.utils.translation import gettext_noop as noop

# Reading, comparing and applying vocabularies; looking concepts up.
VOCABULARIES = (
    noop("%(what)s is no number with a name; it was left out."),
    noop("This class has no name; it was left out."),
    noop("%(what)s has no annotation and stands above all others; it was left out."),
    noop("%(count)s labels have attributes, which were not read."),
    noop("The column %(what)s is not one we know; it was not read."),
    noop("%(what)s names %(other)s as parent, which is not in the table; it was put at the top."),
    noop("This taxon has no name; it was left out."),
    noop("The table has no column “category”."),
    noop("%(count)s categories stand beside %(others)s concepts; these were not read."),
    noop("%(count)s of %(all)s rows of %(what)s have lost their concept."),
    noop("The file is not valid JSON: %(reason)s."),
    noop("The file is JSON, but it has no %(wanted)s."),
    noop("%(count)s labels have hotkeys, which a vocabulary does not keep."),
    noop("The file nests elements more than %(count)s deep."),
    noop("The file has a document type declaration (DOCTYPE), which we do not read."),
    noop("The file is not valid XML: %(reason)s."),
    noop("A data.yaml of more than 1 MB is not read."),
    noop("The file is not valid YAML."),
    noop("The file has no “names”, which list the classes."),
    noop("A class has no number; it was left out."),
    noop("%(what)s is named as a parent but has no row of its own; it was added at the top."),
    noop("%(what)s names %(other)s as %(role)s, which is not in the table; the link was dropped."),
    noop("%(what)s could be %(count)s concepts; the one on line %(line)s was taken."),
    noop("The file names no concept, so there is nothing to import."),
    noop("%(what)s is not a full URI; the concept was given one made from its label."),
    noop("%(what)s stands already on line %(line)s; the two rows were made one concept."),
    noop("Reading the file needs more memory than is allowed."),
    noop("The file made the reader ask for something else: %(reason)s"),
    noop("%(what)s is more than one level below the row above it; it was placed below the nearest one."),
    noop("This row has %(count)s cells where %(others)s are named; the rest was not read."),
    noop("This row has no label; it was left out."),
    noop("The file is not UTF-8; it was read as Windows-1252. Check the accents."),
    noop("This row could not be read: %(reason)s."),
    noop("Too many rows open a quote and never close it."),
    noop(
        "%(what)s names %(other)s as %(role)s, which is not among the imported concepts; the link is kept on "
        "file but not used."
    ),
    noop("%(what)s has %(count)s notations; %(other)s is the one used."),
    noop("The file describes no skos:Concept, so there is nothing to import."),
    noop("%(what)s is its own parent; the link was dropped."),
    noop("%(what)s is both above and below %(other)s; the link that puts it below was dropped."),
    noop("%(what)s has no SKOS label; %(other)s was taken from rdfs:label or dct:title."),
    noop(
        "%(what)s has a skos:%(role)s that is a resource instead of a text; it is kept on file but not used."
    ),
    noop("An empty label was dropped."),
    noop("A label of %(count)s characters is too long to be used: %(what)s. Is it a note?"),
    noop(
        "%(what)s and %(other)s are both preferred labels in %(language)s; the second became an alternative."
    ),
    noop(
        "The file has a document type declaration (DOCTYPE), which we do not read. Save it without one, or "
        "as Turtle."
    ),
    noop(
        "The file refers to the context %(what)s, which we do not fetch. Write the context into the file, or "
        "save it as Turtle."
    ),
    noop("The file is not UTF-8 text, which Turtle and JSON must be."),
    noop("The file is not valid Turtle: %(reason)s."),
    noop("The file nests brackets too deeply to be a vocabulary."),
    noop("The file could not be read: %(reason)s"),
    noop("Some concepts have relative URIs and the file has no @base; they were read against %(what)s."),
    noop("The vocabulary is too large to be imported in one piece."),
    noop("Reading the file took more than %(count)s seconds and was stopped."),
    noop("The reader ended without an answer (exit code %(count)s)."),
    noop("The file has %(count)s bytes; at most %(most)s are read."),
    noop("The file has no scheme %(what)s. It has: %(others)s."),
    noop("The file names no concept scheme; all its concepts were taken."),
    noop("The file has several schemes. %(what)s (%(count)s concepts) was taken; the others are %(others)s."),
    noop("%(count)s concepts that belong only to other schemes were left out."),
    noop("A concept has no URI of its own; it was left out."),
    noop("%(what)s is not declared as a skos:Concept but is labelled and linked as one; taken."),
    noop("%(what)s has no label in any language."),
    noop("%(what)s has no preferred label."),
    noop("%(what)s and %(other)s are both related and parent and child (SKOS S27 forbids it)."),
    noop("A %(role)s of %(what)s has %(count)s characters; at most %(most)s can be kept."),
    noop("%(count)s concepts share the notation %(what)s: %(others)s."),
    noop("%(count)s of %(all)s concepts have no label in %(language)s."),
    noop("%(count)s preferred labels have no language; it is kept as %(language)s."),
    noop("The same holds in %(count)s more places (%(all)s in all)."),
    noop("The vocabulary was changed meanwhile. Look at the import again."),
    noop(
        "%(new)s new, %(changed)s changed, %(unchanged)s unchanged concepts; %(absent)s are no longer in the "
        "file and were kept."
    ),
    noop("The vocabulary has not changed at its address since it was last brought in."),
    noop("%(count)s concepts were looked up at %(what)s; %(found)s have candidates that wait for an answer."),
)

# Sources, campaigns, releases.
OTHERS = (
    noop("%(count)s canvases were read."),
    noop("This is %(what)s. Its members are being listed; choose there what to bring in."),
    noop("The manifest has not changed."),
    noop("This is a collection, listed as a manifest; it is read as one."),
    noop("This is a manifest, listed as a collection; it is read as one."),
    noop("%(count)s members are no longer listed."),
    noop("%(read)s manifests were read, %(unchanged)s had not changed, %(refused)s could not be read."),
    noop("%(changes)s changes were read on %(pages)s pages of the stream."),
    noop("The pages of the stream lead in a circle."),
    noop("%(count)s images were asked for; %(new)s new changes were found there."),
    noop("“%(what)s” is no address that can be followed; the page was left out."),
    noop("There are more than %(count)s pages; the others are not followed."),
    noop("The pages have more than %(count)s MB together; this one was left out."),
    noop("Parts of the source could not be read; so nothing was taken out as gone."),
    noop("Nothing of this source was in the layer before; the %(count)s that were there stay."),
    noop("%(count)s that the source no longer has are in use here or were changed here; they stay."),
    noop(
        "“%(what)s”: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(gone)s gone, %(conflicts)s "
        "changed here and at their publisher, %(aside)s left aside."
    ),
    noop("The region leaves its canvas, which is %(what)s."),
    noop("The annotation stands in the source a second time; the first was taken."),
    noop("There was no annotation in it."),
    noop("%(count)s e-mail addresses of annotators were replaced by pseudonyms."),
    noop(
        "%(count)s annotations are about canvases that are not here. They were kept, and will be placed once "
        "their manifest is imported."
    ),
    noop("%(count)s more faults and warnings are not listed."),
    noop("%(sent)s of %(all)s mails were sent."),
    noop("A mail could not be sent."),
    noop("%(sent)s of %(all)s invitations were sent."),
    noop("An invitation could not be sent. Send it again from the list."),
    noop("%(count)s tasks were put in order."),
    noop("%(count)s tasks were added."),
    noop("How reliable people are was learnt from %(count)s contributions."),
    noop("%(count)s annotations count as a part of the concept that was split."),
    noop("%(count)s concepts were weighed anew."),
    noop("%(done)s of %(all)s tasks were decided."),
    noop("%(back)s tasks wait again; %(kept)s stay as they were decided since."),
    noop("The answers to this task could not be merged."),
    noop("%(count)s places were found."),
    noop("%(annotations)s annotations on %(canvases)s canvases were released."),
    noop("%(count)s tasks have a priority in the table; %(aside)s lines were laid aside."),
)

# What stands in the place of a `role`, of what is `wanted`, or of what has no address.
WORDS = (
    noop("parent"),
    noop("related"),
    noop("replacement"),
    noop("broader"),
    noop("narrower"),
    noop("hasTopConcept"),
    noop("notation"),
    noop("language tag"),
    noop("URI of a match"),
    noop("something that is not a URI"),
    noop("none"),
    noop("list “categories”"),
    noop("list of labels"),
    noop("numbers with the names of classes"),
    noop("attributes with options"),
)

# Where in a file.
PLACE = noop("line %(line)s")
SENTENCES = (*VOCABULARIES, *OTHERS, PLACE)
