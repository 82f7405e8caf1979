/**
 * An RFC 9111 HTTP cache for Node's HTTP clients: the cache itself, what it tells, and the interfaces of cache managers.
 *
 * @module
 */
export { HttpCache, type CacheStats } from './http-cache.ts';
export type { InvalidationTarget } from './engine/invalidation-target.ts';
export type { NamedRequestWithBody, RequestName } from './engine/request-name.ts';
export type { CustomKey } from './core/cache-key.ts';
export type { CacheMode } from './core/cache-mode.ts';
export type {
  FieldLine,
  FieldLines,
  HttpResponse,
  HttpResponseHead,
  JsonValue,
  RequestHead,
  ResponseHead,
} from './core/message.ts';
export type {
  CachePolicy,
  FreshnessSource,
  IndexPolicy,
  PrefixMark,
  ResponsePolicy,
  SelectingField,
  StoredDirectives,
  StoredGroup,
  VariantSet,
  VariantTag,
} from './core/policy-types.ts';
export type { ForwardReason, ReuseReason } from './core/reuse-decision.ts';
export type { StorageRefusal } from './core/storage-decision.ts';
export type { CacheKeyRules } from './engine/cache-key-rules.ts';
export type { CacheRule } from './engine/cache-rule.ts';
export { cacheInfo } from './engine/cache-info-registry.ts';
export type { BypassReason, CacheInfo, CacheOutcome } from './engine/cache-info.ts';
export type { Clock } from './engine/clock.ts';
export type { BodySample } from './engine/body-sample.ts';
export type { CacheCounters } from './engine/counters.ts';
export type { CacheEvent, CacheEventType, LookUpAction } from './engine/events.ts';
export type { ExplainedAction, ExplainedResponse, Explanation } from './engine/explanation.ts';
export { describeInfo } from './engine/reason-texts.ts';
export type { HttpCacheOptions } from './engine/options.ts';
export type { RequestOptions } from './engine/request-options.ts';
export type { LimitedAnswer, LimitedRequest, RateLimiter } from './engine/rate-limiter.ts';
export type { RateLimit } from './rate-limiter/allowance.ts';
export { HostRateLimiter, type HostRateLimiterOptions } from './rate-limiter/host-rate-limiter.ts';
export { HttpCacheError, isHttpCacheError, type HttpCacheErrorCode } from './errors.ts';
export type {
  ByteRange,
  CacheEntry,
  CacheEntrySummary,
  CacheManager,
  CacheWriter,
  Change,
  ChangeObserver,
  ChangeSource,
  CommitOptions,
  EvictedEntry,
  EvictionObserver,
  EvictionSource,
  Lease,
  LeaseOptions,
  ManagerStats,
  MaybePromise,
  StoredResponse,
  StreamingCacheManager,
} from './managers/manager.ts';
