/**
 * An hour of a shop, made up from a seed: logins, payments and orders, with attackers among them. Events arrive a
 * little out of order, as they do.
 */

import type { JsonObject } from "../../core/event.ts";
import { formatTime } from "../../core/time.ts";
import { Random } from "./random.ts";
import { type Arrival, byArrival } from "./traffic.ts";

/** Something hidden in the traffic: the rule that should find it, and the key it should be found under. */
export interface Planted {
  readonly rule: string;
  readonly key: string;
}

export interface Traffic {
  /** In order of arrival. */
  readonly arrivals: readonly Arrival[];
  readonly planted: readonly Planted[];
}

/** Traffic between two moments, epoch milliseconds. */
export function generateTraffic({ seed, from, to }: { seed: number; from: number; to: number }): Traffic {
  const shop = new Shop(seed);
  everydayLogins(shop, from, to);
  everydayPayments(shop, from, to);
  everydayOrders(shop, from, to - ORDER_SETTLED_MS);

  // No attack begins so late that it would not be over in time.
  const starts = (): number => shop.random.between(from, to - 10 * MINUTE);
  for (let n = 1; n <= 3; n++) bruteForce(shop, { at: starts(), ip: `203.0.113.${n}`, user: USERS[n * 101]!.user });
  for (let n = 1; n <= 2; n++) passwordSpraying(shop, { at: starts(), ip: `203.0.113.${100 + n}` });
  for (let n = 0; n < 4; n++) cardTesting(shop, { at: starts(), card: PRIVATE_CARDS[n * 31]! });
  for (let n = 1; n <= 3; n++) shop.forgottenOrder(starts(), `forgotten-${n}`);
  for (let n = 0; n < 2; n++) spendingSpree(shop, { at: starts(), card: BUSINESS_CARDS[n * 23]! });

  return { arrivals: shop.arrivals.toSorted(byArrival), planted: shop.planted };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const FIRST_NAMES = ["ann", "ben", "cora", "dev", "eli", "fay", "gus", "hana", "ivo", "june", "kim", "lars", "mia"];
const LETTERS = "abcdefghijklmnopqrstuvwxyz".split("");
/** Each with an address of their own, of the range kept for benchmarks (RFC 2544). */
const USERS = FIRST_NAMES.flatMap((name) => LETTERS.map((letter) => `${name}.${letter}`)).map((user, index) => ({
  user,
  ip: `198.18.${index >> 8}.${index & 255}`,
}));

/** Private cards pay small sums, now and then a tiny one; business cards never a tiny one, now and then a large one. */
const PRIVATE_CARDS = Array.from({ length: 240 }, (_, index) => `card-${1000 + index}`);
const BUSINESS_CARDS = Array.from({ length: 60 }, (_, index) => `card-${5000 + index}`);

/** An order that will be settled is settled by then. */
const ORDER_SETTLED_MS = 12 * MINUTE;

/** What was written down so far. */
class Shop {
  readonly random: Random;
  readonly arrivals: Arrival[] = [];
  readonly planted: Planted[] = [];

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  login(time: number, login: { user: string; ip: string; type: "success" | "failure" }): void {
    this.#write({ stream: "logins", time, id: "event_id", at: "occurred_at", fields: login });
  }

  payment(time: number, payment: { card_id: string; amount: number; status: "approved" | "declined" }): void {
    const amount = Math.round(payment.amount * 100) / 100;
    this.#write({ stream: "payments", time, id: "payment_id", at: "paid_at", fields: { ...payment, amount } });
  }

  order(time: number, order: { order_id: string; type: "placed" | "paid" | "cancelled"; total?: number }): void {
    this.#write({ stream: "orders", time, id: "event_id", at: "at", fields: order });
  }

  forgottenOrder(time: number, order: string): void {
    this.order(time, { order_id: order, type: "placed", total: this.random.whole(20, 300) });
    this.planted.push({ rule: "unpaid_order", key: order });
  }

  #write(event: { stream: string; time: number; id: string; at: string; fields: JsonObject }): void {
    const time = Math.round(event.time);
    // Most come at once, some late, none later than the streams' ten seconds of out-of-orderness.
    const delay = this.random.chance(0.95) ? this.random.between(0, SECOND) : this.random.between(SECOND, 9 * SECOND);
    const document = {
      [event.id]: `${event.stream}-${this.arrivals.length + 1}`,
      [event.at]: formatTime(time),
      ...event.fields,
    };
    this.arrivals.push({ stream: event.stream, time, arrivesAt: Math.round(time + delay), document });
  }
}

/** Calls `visit` at the moments of a Poisson process. */
function* moments(random: Random, { from, to, every }: { from: number; to: number; every: number }): Generator<number> {
  for (let at = from + random.exponential(every); at < to; at += random.exponential(every)) yield at;
}

function everydayLogins(shop: Shop, from: number, to: number): void {
  const { random } = shop;
  const slipped = new Set<string>();
  for (const at of moments(random, { from, to, every: 0.9 * SECOND })) {
    const who = random.pick(USERS);
    let time = at;
    // Now and then a password is mistyped, once or twice; who did so is careful for the rest of the hour.
    const slips = !slipped.has(who.user) && random.chance(0.06) ? random.whole(1, 2) : 0;
    for (let slip = 0; slip < slips; slip++) {
      slipped.add(who.user);
      shop.login(time, { ...who, type: "failure" });
      time += random.between(3, 12) * SECOND;
    }
    shop.login(time, { ...who, type: "success" });
  }
}

function everydayPayments(shop: Shop, from: number, to: number): void {
  const { random } = shop;
  for (const time of moments(random, { from, to, every: 1.1 * SECOND })) {
    const isPrivate = random.chance(0.8);
    const card_id = random.pick(isPrivate ? PRIVATE_CARDS : BUSINESS_CARDS);
    const isUnusual = random.chance(0.03);
    const usual = Math.min(480, 3 + random.exponential(isPrivate ? 30 : 120));
    const unusual = isPrivate ? random.between(0.3, 0.99) : random.between(520, 2400);
    shop.payment(time, {
      card_id,
      amount: isUnusual ? unusual : usual,
      status: random.chance(0.97) ? "approved" : "declined",
    });
  }
}

function everydayOrders(shop: Shop, from: number, to: number): void {
  const { random } = shop;
  let orders = 0;
  for (const placed of moments(random, { from, to, every: 8 * SECOND })) {
    const order_id = `order-${++orders}`;
    shop.order(placed, { order_id, type: "placed", total: random.whole(5, 400) });
    const settled = placed + random.between(20 * SECOND, ORDER_SETTLED_MS);
    shop.order(settled, { order_id, type: random.chance(0.92) ? "paid" : "cancelled" });
  }
}

/** Guesses one user's password until one is right. */
function bruteForce(shop: Shop, { at, ip, user }: { at: number; ip: string; user: string }): void {
  const { random } = shop;
  let time = at;
  for (let guesses = random.whole(8, 16); guesses > 0; guesses--) {
    shop.login(time, { user, ip, type: "failure" });
    time += random.between(2, 9) * SECOND;
  }
  shop.login(time, { user, ip, type: "success" });
  shop.planted.push({ rule: "brute_force_then_success", key: user }, { rule: "failed_logins_burst", key: ip });
}

/** Tries one password on many users. */
function passwordSpraying(shop: Shop, { at, ip }: { at: number; ip: string }): void {
  const { random } = shop;
  let time = at;
  for (let tries = random.whole(12, 24); tries > 0; tries--) {
    shop.login(time, { user: random.pick(USERS).user, ip, type: "failure" });
    time += random.between(4, 12) * SECOND;
  }
  for (const rule of ["password_spraying", "failed_logins_burst", "user_guessing"])
    shop.planted.push({ rule, key: ip });
}

/** Tries a stolen card with pennies, and then uses it. */
function cardTesting(shop: Shop, { at, card }: { at: number; card: string }): void {
  const { random } = shop;
  let time = at;
  for (let probes = random.whole(1, 3); probes > 0; probes--) {
    shop.payment(time, { card_id: card, amount: random.between(0.01, 0.5), status: "approved" });
    time += random.between(20, 90) * SECOND;
  }
  shop.payment(time, { card_id: card, amount: random.between(600, 2500), status: "approved" });
  shop.planted.push({ rule: "card_testing", key: card });
}

/** Spends what a stolen card has, in small sums that nobody asks about. */
function spendingSpree(shop: Shop, { at, card }: { at: number; card: string }): void {
  const { random } = shop;
  let time = at;
  for (let payments = random.whole(24, 32); payments > 0; payments--) {
    shop.payment(time, { card_id: card, amount: random.between(15, 90), status: "approved" });
    time += random.between(4, 14) * SECOND;
  }
  shop.planted.push({ rule: "card_velocity", key: card });
}
