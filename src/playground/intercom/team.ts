import { randomUUID } from "node:crypto";
import { Router } from "express";
import { fieldsOf } from "../read-fields";
import { IntercomError } from "./refusals";
import { shownTag } from "./shown";
import type { Named, Workspace } from "./workspace";

/** A workspace of the playground needs fewer tags. */
const MOST_TAGS = 1_000;

/** Teammates, teams and tags. */
export function teamRoutes(workspace: Workspace): Router {
  const router = Router();
  const { teammates, teams, tags } = workspace;
  const lists = [
    ["admin", teammates],
    ["team", teams],
  ] as const;
  for (const [type, list] of lists) {
    const shown = (one: Named): object => ({ type, ...one });
    router.get(`/${type}s`, (_request, response) => {
      response.json({ type: `${type}.list`, [`${type}s`]: list.map(shown) });
    });
    router.get(`/${type}s/:id`, (request, response) => {
      const found = list.find(({ id }) => id === request.params.id);
      if (found === undefined)
        throw new IntercomError(404, `${type}_not_found`, `${type === "team" ? "Team" : "Admin"} not found`);
      response.json(shown(found));
    });
  }
  router.get("/tags", (_request, response) => {
    response.json({ type: "list", data: [...tags.values()].flatMap(shownTag) });
  });
  router.post("/tags", (request, response) => {
    const { name } = fieldsOf(request.body);
    if (typeof name !== "string" || name === "")
      throw new IntercomError(400, "parameter_not_found", "name is required");
    const known = [...tags.values()].find((tag) => tag.name.toLowerCase() === name.toLowerCase());
    if (known === undefined && tags.size >= MOST_TAGS)
      throw new IntercomError(400, "parameter_invalid", `There are ${MOST_TAGS} tags already`);
    const tag = known ?? { id: randomUUID().slice(0, 8), name };
    tags.set(tag.id, tag);
    response.json(shownTag(tag)[0]);
  });
  return router;
}
