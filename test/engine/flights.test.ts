import { describe, expect, it } from 'vitest';
import { Flights } from '../../src/engine/flights.ts';

describe('what is remembered of stored responses while a request is under way', () => {
  it('is which request they came by', () => {
    const flights = new Flights();
    const [first, second] = [flights.begin('uri', 0), flights.begin('uri', 0)];
    flights.published(second, 'a');
    expect(flights.isOvertaken(first, 'a')).toBe(true);
    expect(flights.isOvertaken(first, 'b')).toBe(false);
    expect(flights.isOvertaken(second, 'a')).toBe(false);
    expect(flights.isOvertaken(flights.again(first), 'a')).toBe(true);
    expect(flights.isOvertaken(flights.begin('uri', 0), 'a')).toBe(false);
  });

  it('is bounded: of what is forgotten, any may be newer', () => {
    const flights = new Flights();
    const first = flights.begin('uri', 0);
    for (let nth = 0; nth < 1000; nth++) flights.published(flights.begin('uri', 0), String(nth));
    expect(flights.isOvertaken(first, 'none')).toBe(false);
    flights.published(flights.begin('uri', 0), 'one more');
    expect(flights.isOvertaken(first, 'none')).toBe(true);
    expect(flights.isOvertaken(flights.begin('uri', 0), 'none')).toBe(false);
  });
});
