import type { WebexClient } from "../../../src/platforms/webex/client";

// The compiler is the test: what Webex would refuse is refused before it is sent.
async function mistakes({ messages, memberships, people, teamMemberships }: WebexClient): Promise<void> {
  // @ts-expect-error a message goes to somebody
  await messages.create({ text: "x" });
  // @ts-expect-error a message goes to one place
  await messages.create({ roomId: "R", toPersonEmail: "ada@example.com", text: "x" });
  // @ts-expect-error a message takes one file
  await messages.create({ roomId: "R", files: ["https://example.com/a", "https://example.com/b"] });
  // @ts-expect-error a file in memory has a name
  await messages.create({ roomId: "R", files: [{ data: Buffer.from("x") }] });
  // @ts-expect-error messages are listed by room
  messages.list({ max: 5 });
  // @ts-expect-error somebody is named by id or by address
  await memberships.create({ roomId: "R", personId: "P", personEmail: "ada@example.com" });
  // @ts-expect-error people are looked for by something
  people.list({});
  // @ts-expect-error team memberships are listed by team
  teamMemberships.list();
}

it("is checked by the compiler", () => {
  expect(mistakes).toBeInstanceOf(Function);
});
