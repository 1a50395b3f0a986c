import fc from "fast-check";
import { renderHtml } from "../../src/playground/webex/html";
import { renderMarkdown } from "../../src/playground/webex/markdown";
import type { ResolveMention } from "../../src/playground/webex/rendered";

const mention: ResolveMention = ({ by, value, label }) =>
  value === "nobody" ? undefined : { html: `<spark-mention>${by}</spark-mention>`, text: label ?? value };

it.each([
  ["**a** _b_ *c* __d__", "<p><strong>a</strong> <em>b</em> <em>c</em> <strong>d</strong></p>", "a b c d"],
  ["*a **b** c*", "<p><em>a <strong>b</strong> c</em></p>", "a b c"],
  ["snake_case_name 2 * 3 * 4", "<p>snake_case_name 2 * 3 * 4</p>", "snake_case_name 2 * 3 * 4"],
  ["**a\\***", "<p><strong>a*</strong></p>", "a*"],
  ["\\*\\*y\\*\\*", "<p>**y**</p>", "**y**"],
  ["*a*\\*b*", "<p><em>a</em>*b*</p>", "a*b*"],
  ["``a ` b`` \\`c\\`", "<p><code>a ` b</code> `c`</p>", "a ` b `c`"],
  ["[a \\] b](https://e.com)", '<p><a href="https://e.com" rel="nofollow">a ] b</a></p>', "a ] b"],
  ["a ** b **", "<p>a ** b **</p>", "a ** b **"],
  ["`<b>` and ``a`b``", "<p><code>&lt;b&gt;</code> and <code>a`b</code></p>", "<b> and a`b"],
  ["\\*a\\* \\<@all>", "<p>*a* &lt;@all&gt;</p>", "*a* <@all>"],
  [
    "&lt;&#64;all&gt; &#x2a;a* &nope; &amp",
    "<p>&lt;@all&gt; *a* &amp;nope; &amp;amp</p>",
    "<@all> *a* &nope; &amp",
  ],
  ["a  \nb\nc\\\nd", "<p>a<br/>b\nc<br/>d</p>", "a\nb\nc\nd"],
  ["a\n\nb", "<p>a</p><p>b</p>", "a\nb"],
  ["# a\n###### b", "<h1>a</h1><h3>b</h3>", "a\nb"],
  [
    "- a\n- b\n  - c\n  - d\n- e",
    "<ul><li>a</li><li>b<ul><li>c</li><li>d</li></ul></li><li>e</li></ul>",
    "- a\n- b\n  - c\n  - d\n- e",
  ],
  ["1. a\n2. b", "<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"],
  ["> a\n> **b**", "<blockquote><p>a\n<strong>b</strong></p></blockquote>", "a\nb"],
  [
    "```js\n**a** <b>\n\nc\n```\nd",
    "<pre><code>**a** &lt;b&gt;\n\nc</code></pre><p>d</p>",
    "**a** <b>\n\nc\nd",
  ],
  ["a\n\n---\n\nb", "<p>a</p><hr/><p>b</p>", "a\n\nb"],
  [
    "[a **b**](https://example.com/?a=1&b=2)",
    '<p><a href="https://example.com/?a=1&amp;b=2" rel="nofollow">a <strong>b</strong></a></p>',
    "a b",
  ],
  ["[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>", "[a](javascript:alert(1))"],
  [
    "see https://example.com/a_b.",
    '<p>see <a href="https://example.com/a_b" rel="nofollow">https://example.com/a_b</a>.</p>',
    "see https://example.com/a_b.",
  ],
  [
    "<https://example.com>",
    '<p><a href="https://example.com" rel="nofollow">https://example.com</a></p>',
    "https://example.com",
  ],
  ['<script>"&', "<p>&lt;script&gt;&quot;&amp;</p>", '<script>"&'],
  [
    "<@personEmail:a@b.c|Ada> <@personId:X> <@all>",
    "<p><spark-mention>personEmail</spark-mention> <spark-mention>personId</spark-mention> <spark-mention>all</spark-mention></p>",
    "Ada X ",
  ],
  ["<@personId:nobody|<b>N> x", "<p>&lt;bN&gt; x</p>", "<bN> x"],
  ["**<@personId:X|Ada>**", "<p><strong><spark-mention>personId</spark-mention></strong></p>", "Ada"],
])("renders %j", (source, html, text) => {
  expect(renderMarkdown(source, mention)).toEqual({ html, text });
});

it.each([
  ["<b>a</b><script>x</script>", "<b>a</b>&lt;script&gt;x", "a<script>x"],
  ['<p onclick="x">a</p>', "<p>a</p>", "a"],
  [
    '<a href="https://e.com/?a&amp;b" onclick="x">l</a>',
    '<a href="https://e.com/?a&amp;b" rel="nofollow">l</a>',
    "l",
  ],
  ['<a href="javascript:x">l</a>', "&lt;a href=&quot;javascript:x&quot;&gt;l", '<a href="javascript:x">l'],
  ["<ul><li>a<li>b", "<ul><li>a<li>b</li></li></ul>", "ab"],
  [
    '<spark-mention data-object-id="X">Ada</spark-mention> hi',
    "<spark-mention>Ada</spark-mention> hi",
    "Ada hi",
  ],
  ["a<br>b &amp; &#60;", "a<br/>b &amp; &lt;", "a\nb & <"],
  ["</p>a</b>", "a", "a"],
])("keeps of HTML what Webex shows: %j", (source, html, text) => {
  expect(renderHtml(source, mention)).toEqual({ html, text });
});

const ours =
  /<\/?(?:p|strong|em|code|pre|ul|ol|li|h[1-3]|blockquote|b|i|u)>|<(?:br|hr)\/>|<a href="(?:https?|mailto|tel|sip|webexteams):[^"<>]*" rel="nofollow">|<\/a>|<\/?spark-mention>/gi;
const pieces = fc.constantFrom(
  ..."*_`[]()<>\\~#-@&\"' \n".split(""),
  ...[
    "**",
    "```",
    "  \n",
    "\n\n",
    "- ",
    "1. ",
    "> ",
    "<b>",
    "</b>",
    "<a href=",
    "<img src=x onerror=y>",
    "javascript:",
    "https://e.com",
    "<@all>",
    "<@personId:X|",
    "word",
  ],
);
const sources = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(""));

it.each([
  ["Markdown", renderMarkdown],
  ["HTML", renderHtml],
])("writes no tag and no quote of its own making, whatever the %s is", (_name, render) => {
  fc.assert(
    fc.property(sources, (source) => {
      expect(render(source, mention).html.replace(ours, "")).not.toMatch(/[<>"]/);
    }),
    { numRuns: 2_000 },
  );
});

it.each([
  "*".repeat(7_000),
  "[".repeat(7_000),
  "`a".repeat(3_500),
  "- ".repeat(3_500),
  "> ".repeat(3_500),
  "**a ".repeat(1_700),
  "<@".repeat(3_500),
  "<a ".repeat(2_300),
  `${"*_".repeat(1_800)}x${"_*".repeat(1_800)}`,
  `${"[".repeat(1_500)}x${"](http:)".repeat(700)}`,
])("gets through a long and hostile text", (source) => {
  expect(renderMarkdown(source, mention).html).not.toBe("");
  expect(renderHtml(source, mention).html).not.toBe("");
});
