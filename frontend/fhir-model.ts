import r4 from "fhirpath/fhir-context/r4";
import type { Plugin } from "vite";

const NAME = "virtual:fhir-r4-forms";
// What answers to a form are made of; the other resources of FHIR are three quarters of the model.
const KEPT = /^(QuestionnaireResponse|Questionnaire|Coding|CodeableConcept|Quantity|Reference|Attachment|Identifier|Period|Extension|Element|Resource|DomainResource|Meta|Narrative)(\.|$)/;

const PARTS = new Set(["path2Type", "path2TypeWithoutElements", "path2RefType", "path2Repeating", "choiceTypePaths"]);

/** The part of fhirpath.js's model of R4 that expressions of forms look into. */
export function fhirModel(): Plugin {
  const part = (all: Record<string, unknown>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(all).filter(([path]) => KEPT.test(path)));
  return {
    name: "fhir-model",
    resolveId: (name) => (name === NAME ? `\0${NAME}` : null),
    load(name) {
      if (name !== `\0${NAME}`) return null;
      const whole = r4 as unknown as Record<string, Record<string, unknown>>;
      const small = Object.fromEntries(
        Object.entries(whole).map(([key, one]) => [key, PARTS.has(key) ? part(one) : one]),
      );
      const types = [...(whole.availableTypes as unknown as Set<string>)];
      const made = `{...${JSON.stringify(small)}, availableTypes: new Set(${JSON.stringify(types)})}`;
      return `export default ${made};`;
    },
  };
}
