declare module "virtual:fhir-r4-forms" {
  const model: import("fhirpath").Model;
  export default model;
}
