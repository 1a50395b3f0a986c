/**
 * Lays rows out in columns: the first to the left, numbers to the right.
 * @param {readonly (readonly string[])[]} rows the first is the heading
 * @returns {string[]} lines
 */
export function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join("   "),
  );
}
