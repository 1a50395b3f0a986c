import description from "./webex-messaging.openapi.json";

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

interface Operation {
  readonly parameters?: readonly {
    readonly name: string;
    readonly required?: boolean;
    readonly schema: Schema;
  }[];
  readonly requestBody?: {
    readonly content: { readonly "application/json": { readonly schema: Schema } };
  };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

// The file is what the imported type says and more; only these parts are read.
const paths = description.paths as unknown as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
const schemas = description.components.schemas as unknown as Readonly<Record<string, Schema>>;

/** Seen in captured answers or said in words, and in no published schema. */
const undocumented = new Set([
  "Webhook.orgId",
  "Webhook.createdBy",
  "Webhook.appId",
  "Message.parentId",
  "Message.html",
  "DirectMessage.html",
  "DirectMessage.attachments",
]);

/** Every operation of the description, as `"GET /messages"`. */
export const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** The operation that a request is for: `"GET /messages/{messageId}"` for `/messages/Y2lz…`. */
export function operationFor(method: string, path: string): string | undefined {
  const exact = `${method} ${path}`;
  if (operations.includes(exact)) return exact;
  return operations.find((operation) =>
    new RegExp(`^${operation.replace(/\{\w+\}/g, "[^/]+")}$`).test(exact),
  );
}

/** What a request has, or lacks, that the published description does not allow for. */
export function callFaultsOf(operation: string, query: URLSearchParams, body: unknown): string[] {
  const [method = "", path = ""] = operation.split(" ");
  const { parameters = [], requestBody } = paths[path]?.[method.toLowerCase()] ?? {};
  const missing = parameters
    .filter(({ name, required }) => required && !query.has(name))
    .map(({ name }) => `${operation}?${name}: missing`);
  // A list's own cursor comes from its links.
  const given = [...query].filter(([name]) => name !== "cursor");
  const odd = given.flatMap(([name, text]) => {
    const parameter = parameters.find((one) => one.name === name);
    return parameter === undefined
      ? [`${operation}?${name}: unknown`]
      : faults(queryValue(text, parameter.schema), parameter.schema, "", `${operation}?${name}`);
  });
  const schema = requestBody?.content["application/json"].schema;
  if (schema !== undefined) return [...missing, ...odd, ...faults(body, schema, "body", operation)];
  return body === undefined ? [...missing, ...odd] : [...missing, ...odd, `${operation}: a body`];
}

function queryValue(text: string, { type }: Schema): unknown {
  if (type === "number") return Number.isNaN(Number(text)) ? text : Number(text);
  if (type === "boolean") return text === "true" || text === "false" ? text === "true" : text;
  return type === "array" ? text.split(",") : text;
}

/** What an answer has that the published description does not allow for. */
export function faultsOf(operation: string, status: number, body: unknown): string[] {
  const [method = "", path = ""] = operation.split(" ");
  const { responses } = paths[path]?.[method.toLowerCase()] ?? { responses: {} };
  // 202 for a card action is in the description only; clients that work with the service expect 200.
  const response =
    responses[status] ?? (operation === "POST /attachment/actions" ? responses[202] : undefined);
  if (response === undefined) return [`status ${status}`];
  const schema = response.content?.["application/json"]?.schema;
  return schema === undefined ? (body === undefined ? [] : ["a body"]) : faults(body, schema, "", operation);
}

function faults(value: unknown, schema: Schema, name: string, at: string): string[] {
  if (schema.$ref !== undefined) {
    const referred = schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1);
    // The description has a stored file where a card is.
    return referred === "Attachment" ? [] : faults(value, schemas[referred] ?? {}, referred, at);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at}: ${JSON.stringify(value)}`];
  if (schema.type === "array")
    return Array.isArray(value)
      ? value.flatMap((item, index) => faults(item, schema.items ?? {}, name, `${at}[${index}]`))
      : [`${at}: no array`];
  if (schema.type !== "object")
    return schema.type === undefined || typeof value === schema.type ? [] : [`${at}: no ${schema.type}`];
  if (typeof value !== "object" || value === null) return [`${at}: no object`];
  const known = schema.properties ?? {};
  const missing = (schema.required ?? [])
    .filter((key) => !(key in value))
    .map((key) => `${at}.${key}: missing`);
  // Inputs are whatever a card asks for.
  if (at.endsWith(".inputs")) return missing;
  return [
    ...missing,
    ...Object.entries(value).flatMap(([key, inner]) => {
      const property = known[key];
      if (property !== undefined) return faults(inner, property, name, `${at}.${key}`);
      return undocumented.has(`${name}.${key}`) ? [] : [`${at}.${key}: not in ${name}`];
    }),
  ];
}
