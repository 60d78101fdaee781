"""The queue that several servers share: what is asked of it is made by whichever worker takes it, and taken again when one dies.

A job is a number in a list, its content under a key, and a stream of what its maker says. Who waits for it watches over it: a job
that is in nobody's hand and in no list goes back into the list. Everything expires by itself, for drafts hold what people wrote.
"""

import base64
import json
import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from redis import Redis

from facilitation.publishing.jobs import Limits, OnProgress, RenderError

LANES = ("book", "quick", "grid")
# Seconds: a job and its answer at most, an answer once it is there, one that says why not, a hand without a sign of life.
LASTS, KEPT, KEPT_FAILED, ALIVE = 900, 300, 20, 6
# Seconds between two looks at a job nobody speaks of; looks that find it in nobody's hand until it is put back; how often.
LOOK, LOOKS, MOST_TRIES = 1.0, 2, 3
WORKERS = "facilitation:workers"
# Only where nobody has it: two who wait for the same job must not put it back twice.
_PUT_BACK = """
if redis.call('EXISTS', KEYS[2]) == 0 and redis.call('STRLEN', KEYS[3]) > 0 and not redis.call('LPOS', KEYS[1], ARGV[1]) then
  redis.call('RPUSH', KEYS[1], ARGV[1])
  return redis.call('INCR', KEYS[4])
end
return 0
"""


class Unserved(Exception):
    """No worker has made it, and none will."""


def _key(kind: str, name: str) -> str:
    return f"facilitation:{kind}:{name}"


class Queue:
    """One process's view of it. Every method raises RedisError where Redis is away."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(url, socket_connect_timeout=2, socket_timeout=20, health_check_interval=10)
        self._put_back = self.redis.register_script(_PUT_BACK)

    def is_served(self) -> bool:
        """Whether any worker is there to take a job."""
        return bool(self.redis.zcount(WORKERS, self._now() - ALIVE, "+inf"))

    def ask(
        self, lane: str, job: Mapping[str, Any], limits: Limits, on_progress: OnProgress = lambda _: None, name: str = ""
    ) -> bytes:
        """What a worker makes of a job. Asked by several under the same `name`, it is made once. Raises RenderError, Unserved."""
        name = name or secrets.token_hex(12)
        packed = {key: value for key, value in job.items() if key not in {"out", "files"}}
        if "files" in job:
            packed["files"] = {one: base64.b64encode(Path(path).read_bytes()).decode() for one, path in job["files"].items()}
        whole = json.dumps({"job": packed, "limits": [limits.seconds, limits.memory_mb]})
        if self.redis.set(_key("job", name), whole, nx=True, ex=LASTS):
            self.redis.delete(_key("said", name), _key("made", name), _key("tries", name))
            self.redis.rpush(_key("lane", lane), name)
        return self._awaited(lane, name, on_progress)

    def _awaited(self, lane: str, name: str, on_progress: OnProgress) -> bytes:
        last, idle = b"0", 0
        while True:
            found: Any = self.redis.xread({_key("said", name): last}, block=int(LOOK * 1000))
            for at, fields in found[0][1] if found else ():
                last = at
                step = json.loads(fields[b"step"])
                if step["step"] == "failed":
                    raise RenderError(step["code"], step["text"])
                on_progress(step)
                if step["step"] == "done":
                    made: Any = self.redis.get(_key("made", name))
                    if made is None:
                        raise Unserved
                    return bytes(made)
            idle = 0 if found or self.redis.exists(_key("lease", name)) else idle + 1
            if idle >= LOOKS:
                idle = 0
                self._look_after(lane, name)

    def _look_after(self, lane: str, name: str) -> None:
        """Put back a job whose worker has died. Raises Unserved where no other is left, where that goes on, or where Redis has
        forgotten the job."""
        if not self.redis.exists(_key("job", name)):
            raise Unserved
        if not self.is_served():
            self.redis.lrem(_key("lane", lane), 0, name)
            self.redis.delete(_key("job", name))
            raise Unserved
        keys = [_key("lane", lane), _key("lease", name), _key("job", name), _key("tries", name)]
        if int(self._put_back(keys=keys, args=[name]) or 0) > MOST_TRIES:
            self.redis.delete(_key("job", name))
            raise Unserved
        self.redis.expire(_key("tries", name), LASTS)

    def take(self, lane: str, me: str) -> "Taken | None":
        """The next job of a lane, waiting for it a little; None where there is none."""
        found: Any = self.redis.blpop([_key("lane", lane)], timeout=1)
        if not found:
            return None
        name = found[1].decode()
        whole: Any = self.redis.get(_key("job", name))
        # Nobody waits for it any more, or somebody has made it meanwhile.
        if not whole:
            return None
        asked = json.loads(whole)
        taken = Taken(self.redis, name, asked["job"], Limits(*asked["limits"]), me)
        taken.hold()
        return taken

    def here(self, me: str) -> None:
        """A worker's sign of life."""
        now = self._now()
        self.redis.zadd(WORKERS, {me: now})
        self.redis.zremrangebyscore(WORKERS, "-inf", now - 10 * ALIVE)

    def gone(self, me: str) -> None:
        """A worker takes nothing any more."""
        self.redis.zrem(WORKERS, me)

    def close(self) -> None:
        """Hang up."""
        self.redis.close()

    def _now(self) -> float:
        told: Any = self.redis.time()
        seconds, millionths = told
        return float(seconds) + float(millionths) / 1e6


class Taken:
    """A job in a worker's hand."""

    def __init__(self, redis: "Redis", name: str, job: dict[str, Any], limits: Limits, me: str) -> None:
        self._redis, self._name, self._me = redis, name, me
        self.job, self.limits = job, limits

    def hold(self) -> None:
        """Still at it."""
        self._redis.set(_key("lease", self._name), self._me, ex=ALIVE)

    def say(self, step: Mapping[str, Any]) -> None:
        """Tell who waits how far it is."""
        self._redis.xadd(_key("said", self._name), {"step": json.dumps(step)}, maxlen=10_000)
        self._redis.expire(_key("said", self._name), LASTS)

    def done(self, made: bytes, step: Mapping[str, Any]) -> None:
        """Here it is; what people wrote goes from the job at once."""
        self._redis.set(_key("made", self._name), made, ex=KEPT)
        self._end(step, KEPT)

    def failed(self, code: str, sentence: str) -> None:
        """It cannot be made; asked again a little later it is tried again."""
        self._end({"step": "failed", "code": code, "text": sentence}, KEPT_FAILED)

    def _end(self, step: Mapping[str, Any], lasts: int) -> None:
        self._redis.set(_key("job", self._name), "", ex=lasts)
        self.say(step)
        self._redis.expire(_key("said", self._name), lasts)
        self._redis.delete(_key("lease", self._name))


OnTaken = Callable[[Taken], None]
