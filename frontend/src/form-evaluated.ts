// A page's fields evaluated: what the page shows, and what the tests compare with the server's.
import type { Engine } from "./form-expressions";
import { type Fields, readFields } from "./form-fields";
import { Evaluation, progress, settle } from "./form-rules";
import { type Form, responseItems, walk } from "./form-tree";

/** What the form's expressions need; null where it has none, so that nothing is loaded for it. */
export async function engineFor(form: Form): Promise<Engine | null> {
  if (!form.hasExpressions) return null;
  return (await import("./form-expressions")).makeEngine();
}

export { Evaluation, type Fields, progress, readFields, responseItems, settle, walk };
