import fc from "fast-check";
import { createHeap } from "../../src/inbox/embedded/heap";

it("gives back the least of what is inside, however pushes and pops mix", () => {
  const steps = fc.array(fc.option(fc.integer({ min: 0, max: 50 }), { freq: 3 }), { maxLength: 200 });
  fc.assert(
    fc.property(steps, (values) => {
      const heap = createHeap<number>((value) => value);
      const model: number[] = [];
      for (const value of values) {
        if (value !== null) {
          heap.push(value);
          model.push(value);
          model.sort((a, b) => a - b);
        } else {
          expect(heap.pop()).toBe(model.shift());
        }
        expect(heap.size).toBe(model.length);
        expect(heap.peek()).toBe(model[0]);
      }
    }),
  );
});

it("shows some of what comes next, beginning with the very next", () => {
  const heap = createHeap<number>((value) => value);
  for (const value of [5, 3, 9, 1, 7]) heap.push(value);
  expect(heap.front(3)[0]).toBe(1);
  expect(heap.front(3)).toHaveLength(3);
  expect(heap.front(99)).toHaveLength(5);
  expect(heap.size).toBe(5);
});
