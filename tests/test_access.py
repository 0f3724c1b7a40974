"""Who may do what: every route × every role, around one private specimen of everything."""

import json
from collections.abc import Callable, Iterator
from uuid import uuid4

from django.db import transaction
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern, URLResolver

from tests.world import ROLES, World, build

# What is sent where an empty document would not get as far as the question who asks.
BODIES: dict[str, Callable[[World], dict[str, object]]] = {
    "api-contribution-submit": lambda world: {
        "id": str(uuid4()),
        "assignment": str(world.parameters["assignment_id"]),
        "nothing_here": True,
        "shapes": [],
        "rejected_predictions": [],
        "comment": "",
        "time_spent_s": 1,
        "locale": "fr",
        "device": "phone",
    },
}

# Who may write gets `422`, because what is sent is empty; who may not is refused before anybody looks at it.
TABLE = """
#                                           owner manager reviewer contributor observer stranger visitor
# campaigns over REST
GET    api-campaign-list                      200 200 200 200 200 200 200
POST   api-campaign-list                      422 422 403 403 403 403 401
GET    api-campaign-detail                    200 200 200 200 200 404 404
PATCH  api-campaign-detail                    200 200 403 403 403 404 404
GET    api-campaign-definition                200 200 403 403 403 404 404
PUT    api-campaign-definition                422 422 403 403 403 403 401
GET    api-template-list                      200 200 200 200 200 200 200
PUT    api-campaign-template                  204 403 403 403 403 404 404
DELETE api-campaign-template                  204 403 403 403 403 404 404
POST   api-campaign-copy                      422 422 403 403 403 404 404
POST   api-campaign-open                      200 200 403 403 403 404 404
POST   api-campaign-pause                     200 200 403 403 403 404 404
POST   api-campaign-close                     200 200 403 403 403 404 404
POST   api-campaign-pilot                     409 409 403 403 403 404 404
POST   api-campaign-archive                   409 409 403 403 403 404 404
POST   api-campaign-restore                   200 200 403 403 403 404 404
POST   api-campaign-canvases                  422 422 403 403 403 404 404
GET    api-choices                            200 200 403 403 403 404 404
POST   api-choices                            422 422 403 403 403 404 404
POST   api-choice-preview                     422 422 403 403 403 404 404
GET    api-priorities                         200 200 403 403 403 404 404
GET    api-contributions-csv                  200 200 403 403 403 404 404
GET    api-contributions-lines                200 200 403 403 403 404 404
POST   api-priorities                         422 422 403 403 403 404 404
GET    api-priorities-csv                     200 200 403 403 403 404 404
GET    api-priority-table                     200 200 403 403 403 404 404
POST   api-priorities-apply                   409 409 403 403 403 404 404
POST   api-priorities-undo                    409 409 403 403 403 404 404
GET    api-priorities-aside                   200 200 403 403 403 404 404
GET    api-priorities-aside-csv               200 200 403 403 403 404 404
GET    api-campaign-preview                   200 200 403 403 403 404 404
POST   api-retirement-preview                 200 200 403 403 403 404 404
GET    api-simulate                           200 200 403 403 403 404 404
POST   api-simulate                           422 422 403 403 403 404 404
GET    api-campaign-participants              200 200 403 403 403 404 404
GET    api-links                              200 200 403 403 403 404 404
POST   api-links                              422 422 403 403 403 404 404
DELETE api-link                               204 204 403 403 403 404 404
GET    api-invitations                        200 200 403 403 403 404 404
POST   api-invitations                        422 422 403 403 403 404 404
DELETE api-invitation                         204 204 403 403 403 404 404
POST   api-invitation-send                    202 202 403 403 403 404 404
GET    api-roles                              200 200 403 403 403 404 404
PUT    api-role                               422 403 403 403 403 404 404
DELETE api-role                               204 403 403 403 403 404 404
GET    api-group-roles                        200 200 403 403 403 404 404
PUT    api-group-role                         422 422 403 403 403 404 404
DELETE api-group-role                         204 404 403 403 403 404 404
GET    api-tutorial                           200 200 200 200 200 404 404
PUT    api-tutorial                           422 422 403 403 403 404 404
POST   api-tutorial-seen                      204 204 204 204 403 404 404
GET    api-faq                                200 200 200 200 200 404 404
PUT    api-faq                                422 422 403 403 403 404 404
GET    api-announcements                      200 200 200 200 200 404 404
GET    api-announcement                       200 200 404 404 404 404 404
PUT    api-announcement                       422 422 403 403 403 404 404
DELETE api-announcement                       204 204 403 403 403 404 404
POST   api-announcement-publish               200 200 403 403 403 404 404
GET    api-subscription                       200 200 200 200 200 404 404
PUT    api-subscription                       409 409 409 409 409 404 404
DELETE api-subscription                       204 204 204 204 204 404 404
GET    api-guide                              200 200 200 200 200 404 404
GET    api-leaderboard                        200 200 200 200 200 404 404
PATCH  api-leaderboard                        422 422 422 422 422 404 404
POST   api-teams                              422 422 422 422 422 404 404
POST   api-team-join                          422 422 422 422 422 404 404
GET    api-own-team                           404 404 404 404 404 404 404
DELETE api-own-team                           204 204 204 204 204 404 404
POST   api-team-link                          404 404 404 404 404 404 404
GET    api-comments                           200 200 200 200 200 404 404
POST   api-comments                           422 422 422 422 422 404 404
GET    api-reports                            200 200 200 403 403 404 404
POST   api-reports                            422 422 422 422 422 404 404
POST   api-report                             200 200 200 403 403 404 404
GET    api-aside                              200 200 200 403 403 404 404
POST   api-aside-task                         422 422 422 403 403 404 404
GET    api-reliability                        200 200 403 403 403 404 404
POST   api-reliability                        409 409 403 403 403 404 404
GET    api-campaign-participant               200 200 403 403 403 404 404
GET    api-gold                               200 200 403 403 403 404 404
POST   api-gold                               422 422 403 403 403 404 404
DELETE api-gold-task                          204 204 403 403 403 404 404
DELETE api-gold-batch                         204 204 403 403 403 404 404
GET    api-campaign-concepts                  200 200 200 200 200 404 404
GET    api-concept-tree                       200 200 200 200 200 404 404
POST   api-assignment-claim                   200 200 200 200 403 404 404
POST   api-claims                             409 409 409 409 403 404 404
POST   api-contribution-submit                404 404 404 201 404 404 401
POST   api-contribution-batch                 422 422 422 422 422 422 422
GET    api-contribution-mine                  200 200 200 200 200 404 404
GET    api-contribution                       404 404 404 200 404 404 401
PUT    api-contribution                       404 404 404 422 404 404 401
GET    api-certificates                       200 200 200 200 200 200 401
POST   api-certificates                       422 422 422 201 422 422 401
DELETE api-own-certificate                    204 404 404 404 404 404 401
GET    api-certificate                        200 200 200 200 200 200 200
GET    api-release-credits                    200 200 200 404 404 404 404
GET    api-exports                            200 200 200 200 200 200 401
POST   api-exports                            202 202 202 202 202 202 401
GET    api-export-file                        410 404 404 404 404 404 401
GET    api-visits                             200 200 200 200 200 200 401
DELETE api-visits                             204 204 204 204 204 204 204
POST   api-visits-adopt                       200 200 200 200 200 200 401
POST   api-assignment-renew                   404 404 404 200 404 404 401
POST   api-assignment-release                 404 404 404 204 404 404 401
GET    api-draft                              404 404 404 204 404 404 401
PUT    api-draft                              404 404 404 422 404 404 401
GET    api-drafts                             400 400 400 400 400 400 401
PUT    api-drafts                             422 422 422 422 422 422 401
GET    api-change-draft                       404 404 404 204 404 404 401
PUT    api-change-draft                       404 404 404 422 404 404 401
DELETE api-change-draft                       404 404 404 204 404 404 401
POST   api-assignment-skip                    404 404 404 204 404 404 401
POST   api-similar                            404 404 404 422 404 404 401
GET    api-similar-search                     404 404 404 200 404 404 401
DELETE api-similar-search                     404 404 404 204 404 404 401
GET    api-review-next                        200 200 200 403 403 404 404
POST   api-decisions                          422 422 422 403 403 404 404
DELETE api-decision                           404 404 404 403 403 404 404
GET    api-review-draft                       204 204 204 403 403 404 404
PUT    api-review-draft                       422 422 422 403 403 404 404
DELETE api-review-draft                       204 204 204 403 403 404 404
GET    api-bulk-reviews                       200 200 200 403 403 404 404
POST   api-bulk-reviews                       422 422 422 403 403 404 404
POST   api-bulk-preview                       200 200 200 403 403 404 404
GET    api-bulk-review                        404 404 404 403 403 404 404
DELETE api-bulk-review                        404 404 404 403 403 404 404
GET    api-crops                              422 422 422 403 403 404 404
GET    api-crop-concepts                      200 200 200 403 403 404 404
POST   api-crop-rulings                       422 422 422 403 403 404 404
POST   api-accept-agreeing                    422 422 422 403 403 404 404
POST   api-consensus                          202 202 403 403 403 404 404
GET    api-figures                            200 200 200 403 403 404 404
GET    api-triangulation                      200 200 200 403 403 404 404
GET    api-pair-groups                        409 409 409 403 403 404 404
GET    api-agreement                          200 200 200 403 403 404 404
POST   api-agreement                          202 202 202 403 403 404 404
GET    api-agreement-table                    404 404 404 403 403 404 404
GET    api-forecast                           200 200 200 403 403 404 404
GET    api-webhooks                           200 200 403 403 403 404 404
POST   api-webhooks                           422 422 403 403 403 404 404
GET    api-webhook                            200 200 403 403 403 404 404
PATCH  api-webhook                            200 200 403 403 403 404 404
DELETE api-webhook                            204 204 403 403 403 404 404
POST   api-webhook-ping                       202 202 403 403 403 404 404
GET    api-webhook-deliveries                 200 200 403 403 403 404 404
POST   api-webhook-deliver-again              202 202 403 403 403 404 404
GET    api-statistics                         200 200 200 403 403 404 404
GET    api-statistics-table                   200 200 200 403 403 404 404
GET    api-statistics-file                    200 200 200 403 403 404 404
GET    api-runs                               200 200 403 403 403 404 404
POST   api-runs                               422 422 403 403 403 404 404
GET    api-campaign-releases                  200 200 200 200 200 404 404
POST   api-campaign-releases                  409 409 403 403 403 404 404
GET    api-release-list                       200 200 200 200 200 200 200
GET    api-release                            200 200 200 404 404 404 404
GET    api-release-manifest                   200 200 200 404 404 404 404
GET    api-release-file                       200 200 200 404 404 404 404
GET    api-release-evaluations                200 200 200 404 404 404 404
POST   api-release-evaluations                422 422 403 404 404 404 404
GET    api-evaluation                         200 200 200 404 404 404 404
GET    api-evaluation-cells                   200 200 200 404 404 404 404
GET    api-release-people                     200 200 403 404 404 404 404
POST   api-release-people                     409 409 403 404 404 404 404
GET    api-evaluation-images                  200 200 200 404 404 404 404
GET    api-evaluation-differences             400 400 400 404 404 404 404
GET    api-evaluation-compare                 400 400 400 404 404 404 404
POST   api-evaluation-compare                 400 400 400 404 404 404 404
GET    api-evaluation-table                   200 200 200 404 404 404 404
# sources, layers, vocabularies, jobs and tokens over REST
GET    api-manifest-list                      200 200 200 200 200 200 200
GET    api-manifest-detail                    200 404 404 404 404 404 404
PATCH  api-manifest-detail                    422 404 404 404 404 404 404
GET    api-manifest-canvases                  200 404 404 404 404 404 404
GET    api-canvas-crop                        200 404 404 404 404 404 404
GET    api-manifest-watch                     200 404 404 404 404 404 404
PATCH  api-manifest-watch                     422 404 404 404 404 404 404
POST   api-manifest-watch                     202 404 404 404 404 404 404
GET    api-collection-list                    200 200 200 200 200 200 200
GET    api-collection-detail                  200 404 404 404 404 404 404
PATCH  api-collection-detail                  200 404 404 404 404 404 404
GET    api-collection-members                 200 404 404 404 404 404 404
POST   api-collection-crawl                   202 404 404 404 404 404 404
GET    api-change-list                        200 200 200 200 200 200 200
POST   api-change-resolve                     200 404 404 404 404 404 404
GET    api-layer-list                         200 200 200 200 200 200 200
POST   api-layer-list                         422 422 422 422 422 422 401
GET    api-layer-detail                       200 404 404 404 404 404 404
PATCH  api-layer-detail                       200 404 404 404 404 404 404
DELETE api-layer-detail                       204 404 404 404 404 404 404
GET    api-layer-people                       200 404 404 404 404 404 404
PUT    api-layer-person                       422 404 404 404 404 404 404
DELETE api-layer-person                       204 404 404 404 404 404 404
GET    api-layer-export                       200 404 404 404 404 404 404
GET    api-layer-changes                      200 404 404 404 404 404 404
DELETE api-layer-changes                      204 404 404 404 404 404 404
POST   api-alike                              422 404 404 404 404 404 404
GET    api-alike-search                       200 404 404 404 404 404 404
DELETE api-alike-search                       204 404 404 404 404 404 404
GET    api-layer-concept-tree                 404 404 404 404 404 404 404
POST   api-imports                            422 422 403 403 403 403 401
GET    api-import-detail                      200 404 403 403 403 403 401
GET    api-import-left-aside                  404 404 403 403 403 403 401
GET    api-vocabulary-list                    200 200 200 200 200 200 200
POST   api-vocabulary-imports                 415 415 403 403 403 403 401
GET    api-vocabulary-changes                 200 404 404 404 404 404 404
POST   api-vocabulary-changes                 422 404 404 404 404 404 404
POST   api-vocabulary-undo                    404 404 404 404 404 404 404
GET    api-groupings                          200 404 404 404 404 404 404
POST   api-groupings                          422 404 404 404 404 404 404
POST   api-grouping-preview                   422 404 404 404 404 404 404
GET    api-grouping                           200 404 404 404 404 404 404
PUT    api-grouping                           422 404 404 404 404 404 404
DELETE api-grouping                           204 404 404 404 404 404 404
GET    api-grouping-table                     200 404 404 404 404 404 404
POST   api-vocabulary-ask                     404 404 404 404 404 404 404
POST   api-vocabulary-foresight               422 404 404 404 404 404 404
GET    api-proposals                          200 404 404 404 404 404 404
POST   api-proposals                          422 404 404 404 404 404 401
POST   api-proposal-answer                    422 404 404 404 404 404 404
GET    api-concept-candidates                 422 404 404 404 404 404 404
POST   api-vocabulary-match                   422 404 404 404 404 404 404
GET    api-candidates                         200 404 404 404 404 404 404
POST   api-candidate-answer                   422 404 404 404 404 404 404
GET    api-vocabulary-export                  200 404 404 404 404 404 404
GET    api-vocabulary-versions                200 404 404 404 404 404 404
POST   api-vocabulary-versions                409 404 404 404 404 404 404
GET    api-vocabulary-version                 200 404 404 404 404 404 404
GET    api-vocabulary-import                  200 404 403 403 403 403 401
GET    api-vocabulary-import-findings         200 404 403 403 403 403 401
POST   api-vocabulary-import-apply            409 404 403 403 403 403 401
POST   api-vocabulary-import-discard          409 404 403 403 403 403 401
POST   api-vocabulary-update                  409 404 404 404 404 404 404
GET    api-vocabulary-detail                  200 404 404 404 404 404 404
GET    api-vocabulary-collections             200 404 404 404 404 404 404
GET    api-vocabulary-concepts                200 404 404 404 404 404 404
GET    api-concept-detail                     200 404 404 404 404 404 404
GET    api-job                                200 404 404 404 404 404 404
POST   api-job-stop                           202 404 404 404 404 404 404
POST   api-job-resume                         202 404 404 404 404 404 404
GET    api-me                                 200 200 200 200 200 200 401
DELETE api-me                                 422 422 422 422 422 422 401
GET    api-group-list                         200 200 403 403 403 403 401
POST   api-group-list                         422 422 403 403 403 403 401
GET    api-group                              200 404 404 404 404 404 404
DELETE api-group                              204 404 404 404 404 404 404
POST   api-group-members                      422 404 404 404 404 404 404
DELETE api-group-member                       204 404 404 404 404 404 404
GET    api-tokens                             200 200 200 200 200 200 401
POST   api-tokens                             422 422 422 422 422 422 401
DELETE api-token                              204 404 404 404 404 404 401
GET    schema                                 200 200 200 200 200 200 200
GET    api-docs                               200 200 200 200 200 200 200
# IIIF and Web Annotation
GET    iiif-collection                        200 200 200 200 200 200 200
GET    iiif-collection-part                   200 200 200 200 200 200 200
GET    iiif-manifest                          200 404 404 404 404 404 404
GET    iiif-annotation-page                   200 404 404 404 404 404 404
# (a pass in the address, here one that does not hold, is asked instead of the session)
GET    iiif-image                             303 303 303 303 303 303 303
GET    iiif-image-info                        200 200 200 200 200 200 200
GET    iiif-image-pixels                      200 200 200 200 200 403 401
GET    iiif-image-2                           303 303 303 303 303 303 303
GET    iiif-image-2-info                      200 200 200 200 200 200 200
GET    iiif-image-2-pixels                    200 200 200 200 200 403 401
GET    iiif-image-with                        303 303 303 303 303 303 303
GET    iiif-image-with-info                   200 200 200 200 200 200 200
GET    iiif-image-with-pixels                 401 401 401 401 401 401 401
GET    iiif-image-2-with                      303 303 303 303 303 303 303
GET    iiif-image-2-with-info                 200 200 200 200 200 200 200
GET    iiif-image-2-with-pixels               401 401 401 401 401 401 401
GET    iiif-auth-probe                        200 200 200 200 200 200 200
GET    iiif-search-all                        200 200 200 200 200 200 200
GET    iiif-search                            200 404 404 404 404 404 404
GET    iiif-search-canvas                     200 404 404 404 404 404 404
GET    iiif-search-all-1                      200 200 200 200 200 200 200
GET    iiif-search-1                          200 404 404 404 404 404 404
GET    iiif-search-canvas-1                   200 404 404 404 404 404 404
GET    iiif-autocomplete-all                  400 400 400 400 400 400 400
GET    iiif-autocomplete                      400 404 404 404 404 404 404
GET    iiif-autocomplete-all-1                400 400 400 400 400 400 400
GET    iiif-autocomplete-1                    400 404 404 404 404 404 404
GET    iiif-annotation-list                   200 404 404 404 404 404 404
GET    iiif-discovery                         200 200 200 200 200 200 200
GET    iiif-discovery-page                    200 200 200 200 200 200 200
GET    w3c-context                            200 200 200 200 200 200 200
GET    w3c-layer                              200 404 404 404 404 404 404
POST   w3c-layer                              415 404 404 404 404 404 404
GET    w3c-annotation                         200 404 404 404 404 404 404
# pages of the site; those of the authorization flow miss the origin of a viewer
GET    iiif-auth-access                       400 400 400 400 400 400 400
POST   iiif-auth-access                       400 400 400 400 400 400 400
GET    iiif-auth-token                        400 400 400 400 400 400 400
GET    iiif-auth-logout                       200 200 200 200 200 200 200
POST   source-visibility                      302 404 404 404 404 404 404
PUT    w3c-annotation                         428 404 404 404 404 404 404
DELETE w3c-annotation                         428 404 404 404 404 404 404
# Simple Annotation Server: by session or token, and by a key, which here is a wrong one
GET    sas-search                             200 404 404 404 404 404 404
POST   sas-create                             400 404 404 404 404 404 404
POST   sas-update                             400 404 404 404 404 404 404
POST   sas-update-named                       400 404 404 404 404 404 404
DELETE sas-destroy                            400 404 404 404 404 404 404
GET    sas-key-search                         401 401 401 401 401 401 401
POST   sas-key-create                         401 401 401 401 401 401 401
POST   sas-key-update                         401 401 401 401 401 401 401
POST   sas-key-update-named                   401 401 401 401 401 401 401
DELETE sas-key-destroy                        401 401 401 401 401 401 401
# pages of the site
GET    home                                   200 200 200 200 200 200 200
GET    health                                 200 200 200 200 200 200 200
GET    open                                   200 200 200 200 200 200 200
GET    about                                  200 200 200 200 200 200 200
GET    privacy                                200 200 200 200 200 200 200
GET    campaign-list                          200 200 200 200 200 200 200
GET    campaign-new                           200 200 403 403 403 403 302
POST   campaign-new                           422 422 403 403 403 403 302
GET    campaign-from-file                     200 200 403 403 403 403 302
POST   campaign-from-file                     422 422 403 403 403 403 302
POST   campaign-template                      302 403 403 403 403 404 404
GET    campaign                               200 200 200 200 200 404 404
GET    campaign-work                          200 200 200 200 403 404 404
GET    campaign-edit                          200 200 403 403 403 404 404
POST   campaign-copy                          302 302 403 403 403 404 404
POST   campaign-edit                          422 422 403 403 403 404 404
GET    campaign-tutorial                      200 200 200 200 200 404 404
GET    tutorial-edit                          200 200 403 403 403 404 404
POST   tutorial-edit                          400 400 403 403 403 404 404
GET    tutorial-picture                       200 200 403 403 403 404 404
POST   tutorial-picture                       400 400 403 403 403 404 404
GET    announcement-list                      200 200 403 403 403 404 404
POST   announcement-list                      422 422 403 403 403 404 404
GET    announcement                           200 200 403 403 403 404 404
POST   announcement                           422 422 403 403 403 404 404
POST   campaign-subscription                  302 302 302 302 302 404 404
GET    unsubscribe                            200 200 200 200 200 200 200
POST   unsubscribe                            200 200 200 200 200 200 200
GET    campaign-discussion                    200 200 200 200 200 404 404
POST   campaign-discussion                    302 302 302 302 302 404 404
GET    task-discussion                        200 200 200 200 200 404 404
POST   task-discussion                        302 302 302 302 302 404 404
POST   comment-change                         302 302 302 302 302 404 404
GET    report-list                            200 200 200 403 403 404 404
POST   report-list                            302 302 302 403 403 404 404
GET    aside-list                             200 200 200 403 403 404 404
POST   aside-list                             302 302 302 403 403 404 404
GET    team-list                              200 200 200 200 200 404 404
POST   team-list                              302 302 302 302 302 404 404
GET    team-join                              200 200 200 200 200 404 404
POST   team-join                              302 302 302 302 403 404 404
GET    campaign-guide                         200 200 200 200 200 404 404
GET    campaign-steps                         404 404 403 403 403 404 404
POST   campaign-steps                         404 404 403 403 403 404 404
GET    faq-edit                               200 200 403 403 403 404 404
POST   faq-edit                               400 400 403 403 403 404 404
GET    campaign-rules                         200 200 403 403 403 404 404
POST   campaign-rules                         422 422 403 403 403 404 404
GET    campaign-canvases                      200 200 403 403 403 404 404
POST   campaign-canvases                      422 422 403 403 403 404 404
GET    campaign-choices                       200 200 403 403 403 404 404
POST   campaign-choices                       422 422 403 403 403 404 404
GET    campaign-priorities                    200 200 403 403 403 404 404
POST   campaign-priorities                    400 400 403 403 403 404 404
GET    campaign-preview                       200 200 403 403 403 404 404
POST   campaign-step                          422 422 403 403 403 404 404
GET    campaign-people                        200 200 403 403 403 404 404
GET    campaign-gold                          200 200 403 403 403 404 404
POST   campaign-gold                          422 422 403 403 403 404 404
POST   campaign-people                        422 403 403 403 403 404 404
GET    campaign-ways-in                       200 200 403 403 403 404 404
POST   campaign-ways-in                       422 422 403 403 403 404 404
POST   link-revoke                            302 302 403 403 403 404 404
POST   invitation-change                      302 302 403 403 403 404 404
POST   group-role-remove                      302 404 403 403 403 404 404
GET    campaign-texts                         200 200 403 403 403 404 404
POST   campaign-texts                         422 422 403 403 403 404 404
GET    join                                   200 200 200 200 200 200 200
POST   join                                   302 302 302 302 302 302 302
GET    group-list                             200 200 403 403 403 403 302
POST   group-list                             422 422 403 403 403 403 302
GET    group                                  200 404 404 404 404 404 404
POST   group                                  422 404 404 404 404 404 404
POST   group-member-remove                    302 404 404 404 404 404 404
POST   group-dissolve                         302 404 404 404 404 404 404
GET    campaign-webhooks                      200 200 403 403 403 404 404
POST   campaign-webhooks                      422 422 403 403 403 404 404
GET    webhook                                200 200 403 403 403 404 404
POST   webhook                                422 422 403 403 403 404 404
POST   webhook-step                           302 302 403 403 403 404 404
POST   webhook-again                          302 302 403 403 403 404 404
GET    campaign-watch                         200 200 200 403 403 404 404
GET    campaign-pulse                         200 200 200 403 403 404 404
GET    campaign-watch-table                   200 200 200 403 403 404 404
GET    campaign-dashboard                     200 200 200 403 403 404 404
POST   campaign-consensus                     302 302 403 403 403 404 404
GET    campaign-bulk                          200 200 200 403 403 404 404
POST   campaign-bulk                          422 422 422 403 403 404 404
POST   campaign-bulk-undo                     404 404 404 403 403 404 404
GET    campaign-crops                         200 200 200 403 403 404 404
GET    campaign-review                        200 200 200 403 403 404 404
GET    campaign-triangulation                 200 200 200 403 403 404 404
GET    campaign-pairs                         409 409 403 403 403 404 404
POST   campaign-pairs                         409 409 403 403 403 404 404
GET    campaign-pair-groups                   409 409 409 403 403 404 404
GET    campaign-agreement                     200 200 200 403 403 404 404
POST   campaign-agreement-new                 302 302 302 403 403 404 404
POST   campaign-accept                        302 302 302 403 403 404 404
GET    campaign-predictions                   200 200 403 403 403 404 404
POST   campaign-predictions                   200 200 403 403 403 404 404
GET    campaign-weighing                      200 200 403 403 403 404 404
POST   campaign-weighing                      302 302 403 403 403 404 404
GET    campaign-person                        200 200 403 403 403 404 404
POST   campaign-shown-run                     302 302 403 403 403 404 404
GET    campaign-releases                      200 200 403 403 403 404 404
POST   campaign-releases                      422 422 403 403 403 404 404
GET    release-list                           200 200 200 200 200 200 200
GET    release                                200 200 200 404 404 404 404
GET    release-agreement                      200 200 200 404 404 404 404
GET    release-file                           200 200 200 404 404 404 404
POST   evaluation-new                         422 422 403 403 403 403 302
GET    evaluation                             200 200 200 404 404 404 404
POST   evaluation-compare                     422 422 422 404 404 404 404
GET    release-people                         200 200 403 404 404 404 404
POST   release-people                         409 409 403 404 404 404 404
GET    evaluation-images                      200 200 200 404 404 404 404
GET    evaluation-differences                 400 400 400 404 404 404 404
GET    evaluation-cells                       200 200 200 404 404 404 404
GET    evaluation-table                       200 200 200 404 404 404 404
GET    source-list                            200 200 200 200 200 200 200
GET    source-import                          200 200 403 403 403 403 302
POST   source-import                          200 200 403 403 403 403 302
GET    source-import-progress                 200 404 403 403 403 403 302
GET    collection                             200 404 403 403 403 403 302
POST   collection                             302 404 403 403 403 403 302
POST   collection-follow                      302 404 403 403 403 403 302
POST   collection-crawl                       302 404 403 403 403 403 302
GET    change-list                            200 200 403 403 403 403 302
POST   change-resolve                         302 404 403 403 403 403 302
POST   source-watch                           302 404 403 403 403 403 302
GET    source                                 200 404 404 404 404 404 404
GET    source-contents                        200 404 404 404 404 404 404
GET    canvas                                 200 404 404 404 404 404 404
GET    layer-list                             200 200 200 200 200 200 200
POST   layer-list                             422 422 422 422 422 422 302
GET    layer                                  200 404 404 404 404 404 404
POST   layer                                  422 404 404 404 404 404 404
POST   layer-people                           422 404 404 404 404 404 404
GET    layer-canvas                           200 404 404 404 404 404 404
GET    layer-delete                           200 404 404 404 404 404 404
POST   layer-delete                           302 404 404 404 404 404 404
GET    canvas-share                           200 404 404 404 404 404 404
GET    canvas-layers                          200 404 404 404 404 404 404
GET    embed                                  200 200 200 200 200 200 200
GET    layer-keys                             200 404 404 404 404 404 404
POST   layer-keys                             422 404 404 404 404 404 404
POST   layer-key-revoke                       302 404 404 404 404 404 404
GET    vocabulary-list                        200 200 200 200 200 200 200
GET    vocabulary-import                      200 200 403 403 403 403 302
POST   vocabulary-import                      422 422 403 403 403 403 302
GET    vocabulary-import-progress             200 404 403 403 403 403 302
GET    concept-lookup                         200 404 404 404 404 404 404
POST   concept-lookup                         302 404 404 404 404 404 404
GET    matching                               200 404 404 404 404 404 404
POST   matching                               302 404 404 404 404 404 404
POST   matching-start                         422 404 404 404 404 404 404
POST   vocabulary-import-apply                409 404 403 403 403 403 302
POST   vocabulary-import-discard              409 404 403 403 403 403 302
POST   vocabulary-update                      409 404 404 404 404 404 404
GET    vocabulary                             200 404 404 404 404 404 404
GET    concept                                200 404 404 404 404 404 404
GET    vocabulary-groupings                   200 404 404 404 404 404 404
GET    vocabulary-grouping-new                200 404 404 404 404 404 404
POST   vocabulary-grouping-new                422 404 404 404 404 404 404
GET    vocabulary-grouping                    200 404 404 404 404 404 404
GET    vocabulary-grouping-table              200 404 404 404 404 404 404
POST   vocabulary-grouping-delete             302 404 404 404 404 404 404
GET    concept-children                       200 404 404 404 404 404 404
GET    vocabulary-new                         200 200 403 403 403 403 302
POST   vocabulary-new                         422 422 403 403 403 403 302
GET    concept-add                            200 404 404 404 404 404 404
POST   concept-add                            422 404 404 404 404 404 404
GET    concept-edit                           200 404 404 404 404 404 404
POST   concept-edit                           422 404 404 404 404 404 404
GET    concept-move                           200 404 404 404 404 404 404
POST   concept-move                           422 404 404 404 404 404 404
GET    concept-merge                          200 404 404 404 404 404 404
POST   concept-merge                          422 404 404 404 404 404 404
GET    concept-split                          200 404 404 404 404 404 404
POST   concept-split                          422 404 404 404 404 404 404
GET    concept-deprecate                      200 404 404 404 404 404 404
POST   concept-deprecate                      302 404 404 404 404 404 404
GET    concept-restore                        200 404 404 404 404 404 404
POST   concept-restore                        422 404 404 404 404 404 404
GET    concept-relate                         200 404 404 404 404 404 404
POST   concept-relate                         422 404 404 404 404 404 404
GET    concept-history                        200 404 404 404 404 404 404
GET    vocabulary-history                     200 404 404 404 404 404 404
POST   vocabulary-undo                        404 404 404 404 404 404 404
GET    concept-propose                        200 404 404 404 404 404 404
POST   concept-propose                        422 404 404 404 404 404 404
GET    proposal-list                          200 404 404 404 404 404 404
GET    proposal-answer                        200 404 404 404 404 404 404
POST   proposal-answer                        422 404 404 404 404 404 404
GET    vocabulary-versions                    200 404 404 404 404 404 404
POST   vocabulary-versions                    409 404 404 404 404 404 404
GET    vocabulary-version                     200 404 404 404 404 404 404
GET    profile                                200 200 200 200 200 200 302
POST   profile                                422 422 422 422 422 422 302
POST   visits-adopt                           302 302 302 302 302 302 302
GET    my-data                                200 200 200 200 200 200 302
POST   my-data                                302 302 302 302 302 302 302
GET    my-data-file                           410 404 404 404 404 404 302
GET    certificate-list                       200 200 200 200 200 200 302
POST   certificate-list                       422 422 422 422 422 422 302
POST   certificate-withdraw                   302 404 404 404 404 404 302
GET    certificate                            200 200 200 200 200 200 200
GET    account-erase                          200 200 200 200 200 200 302
POST   account-erase                          422 422 422 422 422 422 302
GET    visit-erase                            200 200 200 200 200 200 200
POST   visit-erase                            422 422 422 422 422 422 422
GET    my-work                                200 200 200 200 200 200 302
GET    token-list                             200 200 200 200 200 200 302
POST   token-list                             422 422 422 422 422 422 302
POST   token-revoke                           302 404 404 404 404 404 302
GET    job-progress                           302 404 404 404 404 404 404
POST   job-stop                               302 404 404 404 404 404 404
POST   job-resume                             302 404 404 404 404 404 404
# accounts: who is signed in is sent on from the doors, who is not from what is behind them
GET    set_language                           302 302 302 302 302 302 302
POST   set_language                           302 302 302 302 302 302 302
GET    account_login                          302 302 302 302 302 302 200
POST   account_login                          302 302 302 302 302 302 200
GET    account_logout                         200 200 200 200 200 200 302
POST   account_logout                         302 302 302 302 302 302 302
GET    account_inactive                       200 200 200 200 200 200 200
GET    account_signup                         302 302 302 302 302 302 200
POST   account_signup                         302 302 302 302 302 302 200
GET    account_reauthenticate                 200 200 200 200 200 200 302
POST   account_reauthenticate                 200 200 200 200 200 200 302
GET    account_email                          200 200 200 200 200 200 302
POST   account_email                          302 302 302 302 302 302 302
GET    account_email_verification_sent        200 200 200 200 200 200 200
GET    account_change_password                200 200 200 200 200 200 302
POST   account_change_password                200 200 200 200 200 200 302
GET    account_set_password                   302 302 302 302 302 302 302
POST   account_set_password                   302 302 302 302 302 302 302
GET    account_reset_password                 200 200 200 200 200 200 200
POST   account_reset_password                 200 200 200 200 200 200 200
GET    account_reset_password_done            200 200 200 200 200 200 200
GET    account_reset_password_from_key        200 200 200 200 200 200 200
POST   account_reset_password_from_key        200 200 200 200 200 200 200
GET    account_reset_password_from_key_done   200 200 200 200 200 200 200
GET    account_confirm_login_code             302 302 302 302 302 302 302
POST   account_confirm_login_code             302 302 302 302 302 302 302
GET    account_confirm_email                  200 200 200 200 200 200 200
POST   account_confirm_email                  404 404 404 404 404 404 404
"""

ROWS = [line.split() for line in TABLE.splitlines() if line.strip() and not line.startswith("#")]


def routes() -> Iterator[tuple[str, str, list[str]]]:
    """Name, pattern and parameters of every route."""

    def walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, str, list[str]]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, before + str(pattern.pattern))
            else:
                yield pattern.name or "", before + str(pattern.pattern), _parameters(pattern)

    return walk(get_resolver().url_patterns, "")


def views() -> Iterator[tuple[str, object]]:
    """Name and view of every route."""
    waiting: list[URLPattern | URLResolver] = list(get_resolver().url_patterns)
    while waiting:
        pattern = waiting.pop()
        if isinstance(pattern, URLResolver):
            waiting.extend(pattern.url_patterns)
        else:
            yield pattern.name or "", pattern.callback


def _parameters(pattern: URLPattern) -> list[str]:
    return [*pattern.pattern.converters, *getattr(pattern.pattern.regex, "groupindex", {})]


def status_of(world: World, role: str, method: str, name: str) -> int:
    """What the server answers this person; what the request changed is undone."""
    pattern, parameters = next((pattern, known) for route, pattern, known in routes() if route == name)
    url = reverse(name, kwargs=world.arguments(pattern, list(dict.fromkeys(parameters))))
    with transaction.atomic():
        client = Client(raise_request_exception=False)
        if role != "visitor":
            client.force_login(world.people[role])
        if pattern.startswith("api/"):
            body, media_type = json.dumps(BODIES.get(name, lambda _world: {})(world)), "application/json"
        else:
            body, media_type = "nothing=known", "application/x-www-form-urlencoded"
        response = client.generic(method, url, body, content_type=media_type)
        transaction.set_rollback(True)
    return response.status_code


def test_every_role_gets_what_the_table_says(db: None) -> None:
    world = build()
    wrong = []
    for method, name, *expected in ROWS:
        found = [str(status_of(world, role, method, name)) for role in ROLES]
        if found != expected:
            wrong.append(f"{method} {name}: {' '.join(found)}, not {' '.join(expected)}")
    assert wrong == []


def test_every_route_is_in_the_table() -> None:
    named = {row[1] for row in ROWS}
    missing = sorted(f"{name} {pattern}" for name, pattern, _known in routes() if name not in named)
    assert missing == [], "add a line for every method of these to TABLE"


def test_every_method_of_the_api_is_in_the_table() -> None:
    named = {(row[0], row[1]) for row in ROWS}
    known = {
        (method.upper(), name)
        for name, view in views()
        for method in ("get", "post", "put", "patch", "delete")
        if hasattr(getattr(view, "view_class", None) or getattr(view, "cls", None), method)
        if not name.startswith("account_")
    }
    assert sorted(known - named) == []


def test_the_table_names_only_routes() -> None:
    assert sorted({row[1] for row in ROWS} - {name for name, _pattern, _known in routes()}) == []
