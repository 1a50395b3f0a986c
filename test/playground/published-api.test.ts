import type { Answer, ApiClient } from "./api-client";
import { callFaultsOf, faultsOf, operationFor, operations } from "./published-api";
import { useSetting } from "./setting";

const here = useSetting();
const card = {
  contentType: "application/vnd.microsoft.card.adaptive",
  content: { type: "AdaptiveCard", version: "1.3", body: [{ type: "Input.Text", id: "a" }] },
};

it("answers every operation as the published description says", async () => {
  const faults: string[] = [];
  const tried = new Set<string>();
  const call = async (
    client: ApiClient,
    operation: string,
    ids: readonly string[] = [],
    body?: object,
  ): Promise<Answer> => {
    const [method = "", template = ""] = operation.split(" ");
    const left = [...ids];
    const query = ids.find((id) => id.startsWith("?")) ?? "";
    const path = template.replace(/\{\w+\}/g, () => left.shift() ?? "") + query;
    const answer = await client.send(method, path, body);
    tried.add(operation);
    faults.push(...faultsOf(operation, answer.status, answer.body));
    return answer;
  };
  const { ada, bot, lobbyId } = here;

  const me = (await call(ada, "GET /people/me")).body;
  await call(ada, "GET /people/{personId}", [here.playground.webex.bot.id]);
  await call(ada, "GET /people", [`?id=${me.id},nobody`]);

  const { body: room } = await call(ada, "POST /rooms", [], { title: "R", isLocked: true, description: "d" });
  await call(ada, "GET /rooms");
  await call(ada, "GET /rooms/{roomId}", [lobbyId]);
  await call(ada, "PUT /rooms/{roomId}", [room.id], { title: "S" });

  const joining = { roomId: room.id, personEmail: "bellhop@webex.bot" };
  const { body: membership } = await call(ada, "POST /memberships", [], joining);
  await call(ada, "GET /memberships", [`?roomId=${room.id}`]);
  await call(ada, "GET /memberships/{membershipId}", [membership.id]);
  await call(ada, "PUT /memberships/{membershipId}", [membership.id], { isModerator: true });

  const { body: root } = await call(ada, "POST /messages", [], { roomId: room.id, markdown: "**x** <@all>" });
  await call(ada, "POST /messages", [], { roomId: room.id, parentId: root.id, text: "y" });
  await call(ada, "PUT /messages/{messageId}", [root.id], { roomId: room.id, markdown: "*z*" });
  await call(ada, "GET /messages", [`?roomId=${room.id}`]);
  await call(ada, "GET /messages/{messageId}", [root.id]);
  const toAda = { toPersonEmail: "ada@example.com", markdown: "**a card**", attachments: [card] };
  const { body: posted } = await call(bot, "POST /messages", [], toAda);
  await call(ada, "GET /messages/direct", ["?personEmail=bellhop@webex.bot"]);

  const press = { type: "submit", messageId: posted.id, inputs: { a: "1" } };
  const { body: action } = await call(ada, "POST /attachment/actions", [], press);
  await call(bot, "GET /attachment/actions/{id}", [action.id]);

  const target = { name: "w", targetUrl: "https://bot.example.com" };
  const watched = {
    ...target,
    resource: "messages",
    event: "created",
    filter: "roomType=group",
    secret: "s",
  };
  const { body: webhook } = await call(bot, "POST /webhooks", [], watched);
  await call(bot, "GET /webhooks");
  await call(bot, "GET /webhooks/{webhookId}", [webhook.id]);
  await call(bot, "PUT /webhooks/{webhookId}", [webhook.id], target);
  await call(bot, "DELETE /webhooks/{webhookId}", [webhook.id]);

  const { body: team } = await call(ada, "POST /teams", [], { name: "T", description: "d" });
  await call(ada, "GET /teams");
  await call(ada, "GET /teams/{teamId}", [team.id]);
  await call(ada, "PUT /teams/{teamId}", [team.id], { name: "U" });
  const inTeam = { teamId: team.id, personEmail: "grace@example.com" };
  const { body: teamMembership } = await call(ada, "POST /team/memberships", [], inTeam);
  await call(ada, "GET /team/memberships", [`?teamId=${team.id}`]);
  await call(ada, "GET /team/memberships/{membershipId}", [teamMembership.id]);
  await call(ada, "PUT /team/memberships/{membershipId}", [teamMembership.id], { isModerator: true });
  await call(ada, "DELETE /team/memberships/{membershipId}", [teamMembership.id]);
  await call(ada, "DELETE /teams/{teamId}", [team.id]);

  const tab = { roomId: room.id, contentUrl: "https://example.com", displayName: "D" };
  const { body: tabbed } = await call(ada, "POST /room/tabs", [], tab);
  await call(ada, "GET /room/tabs", [`?roomId=${room.id}`]);
  await call(ada, "GET /room/tabs/{id}", [tabbed.id]);
  await call(ada, "PUT /room/tabs/{id}", [tabbed.id], tab);
  await call(ada, "DELETE /room/tabs/{id}", [tabbed.id]);

  await call(ada, "DELETE /messages/{messageId}", [root.id]);
  await call(ada, "DELETE /memberships/{membershipId}", [membership.id]);
  await call(ada, "DELETE /rooms/{roomId}", [room.id]);

  expect(faults).toEqual([]);
  // Webex is giving this one up; nothing here has a meeting.
  const served = operations.filter((operation) => operation !== "GET /rooms/{roomId}/meetingInfo");
  expect(tried).toEqual(new Set(served));
});

it.each<[string, string, string, unknown, string[]]>([
  ["what is right", "GET /messages", "roomId=R&max=5&mentionedPeople=me", undefined, []],
  ["a query that lacks something", "GET /messages", "max=5", undefined, ["GET /messages?roomId: missing"]],
  ["a query nobody reads", "GET /teams", "limit=5", undefined, ["GET /teams?limit: unknown"]],
  ["a word for a number", "GET /teams", "max=five", undefined, ["GET /teams?max: no number"]],
  ["a value there is not", "GET /rooms", "type=any", undefined, ['GET /rooms?type: "any"']],
  ["a body where none goes", "GET /rooms", "", {}, ["GET /rooms: a body"]],
  ["no body", "POST /teams", "", undefined, ["POST /teams: no object"]],
  ["half a body", "POST /teams", "", { description: "d" }, ["POST /teams.name: missing"]],
  ["more than a body", "POST /teams", "", { name: "n", size: 1 }, ["POST /teams.size: not in body"]],
])("sees in a call %s", (_, operation, query, body, faults) => {
  expect(callFaultsOf(operation, new URLSearchParams(query), body)).toEqual(faults);
});

it.each([
  ["GET", "/people/me", "GET /people/me"],
  ["GET", "/people/Y2", "GET /people/{personId}"],
  ["GET", "/messages/direct", "GET /messages/direct"],
  ["PATCH", "/people/Y2", undefined],
  ["GET", "/people/Y2/x", undefined],
])("knows that %s %s is %s", (method, path, operation) => {
  expect(operationFor(method, path)).toBe(operation);
});
