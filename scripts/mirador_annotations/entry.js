// What a page that hosts Mirador with the plug-in has at hand, as its makers describe it.
import Mirador from "mirador/dist/es/src/index";
import annotationPlugins from "mirador-annotations/es/index";
import { OSDReferences } from "mirador/dist/es/src/plugins/OSDReferences";
import adapter from "mirador-annotations/es/SimpleAnnotationServerV2Adapter";

// The plug-in is published as CommonJS, so that its default export may come wrapped.
const unwrapped = (module) => module.default ?? module;

window.Mirador = Mirador;
window.annotationPlugins = [...unwrapped(annotationPlugins)];
window.SimpleAnnotationServerV2Adapter = unwrapped(adapter);
// The journeys ask OpenSeadragon where on the screen a place of the canvas is.
window.OSDReferences = OSDReferences;
