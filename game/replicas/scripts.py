"""Lua scripts, which Redis runs in one atomic step each, and the names of keys and channels.

A room has a hash and a log. The hash holds `owner`, `fence` (the owner's fencing token), `n` (the
number of entries written so far) and `kind`. Each new entry in the log is also published on the
owner's channel, as `in CODE n id entry`.
"""

PREFIX = "doodle:"
REPLICAS = PREFIX + "replicas"  # names of the replicas that run, or that stopped and own rooms
QUICK = PREFIX + "quick"  # codes of quick matches with free seats; score 0: waiting, 1: racing
ALL = PREFIX + "to:all"  # the channel that all replicas listen to


def room_key(code: str) -> str:
    return f"{PREFIX}{{{code}}}:room"


def log_key(code: str) -> str:
    return f"{PREFIX}{{{code}}}:log"


def start_key(code: str) -> str:
    return f"{PREFIX}{{{code}}}:start"


def guest_key(token: str) -> str:
    return f"{PREFIX}guest:{token}"


def lease_key(replica: str) -> str:
    """The replica's lease, a key that expires unless the replica renews it."""
    return f"{PREFIX}lease:{replica}"


def rooms_key(replica: str) -> str:
    """The set of codes of the rooms that the replica owns."""
    return f"{PREFIX}rooms:{replica}"


def channel(replica: str) -> str:
    return f"{PREFIX}to:{replica}"


_WRITE = """
local function write(owner, code, entry)
  local n = redis.call('HINCRBY', KEYS[1], 'n', 1)
  local id = redis.call('XADD', KEYS[2], '*', 'n', n, 'e', entry)
  local head = 'in ' .. code .. ' ' .. n .. ' ' .. id .. ' '
  redis.call('PUBLISH', 'doodle:to:' .. owner, head .. entry)
end
"""

# keys: room, log; arguments: code, fencing token or '', entries...
# -> 1; 0: no such room; -1: an old token
APPEND = (
    _WRITE
    + """
local owner = redis.call('HGET', KEYS[1], 'owner')
if not owner then return 0 end
if ARGV[2] ~= '' and redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return -1 end
for i = 3, #ARGV do write(owner, ARGV[1], ARGV[i]) end
return 1
"""
)

# keys: room, log, rooms of the owner; arguments: code, owner, kind, entries...
# -> 1; 0: the code is taken
CREATE = (
    _WRITE
    + """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'fence', 1, 'kind', ARGV[3])
redis.call('SADD', KEYS[3], ARGV[1])
for i = 4, #ARGV do write(ARGV[2], ARGV[1], ARGV[i]) end
return 1
"""
)

# keys: room, log, rooms of the old owner, rooms of the new owner, lease of the old owner;
# arguments: code, old owner, new owner
# -> the new fencing token; 0: the old owner does not own the room, or still runs
CLAIM = (
    _WRITE
    + """
if redis.call('EXISTS', KEYS[5]) == 1 then return 0 end
if redis.call('HGET', KEYS[1], 'owner') ~= ARGV[2] then
  redis.call('SREM', KEYS[3], ARGV[1])
  return 0
end
local fence = redis.call('HINCRBY', KEYS[1], 'fence', 1)
redis.call('HSET', KEYS[1], 'owner', ARGV[3])
redis.call('SMOVE', KEYS[3], KEYS[4], ARGV[1])
redis.call('PUBLISH', 'doodle:to:' .. ARGV[2], 'lost ' .. ARGV[1])
write(ARGV[3], ARGV[1],
  '{"type":"claimed","owner":"' .. ARGV[3] .. '","fence":' .. fence .. '}')
return fence
"""
)

# keys: room, log, start, rooms of the owner, quick; arguments: code, fencing token
# -> 1; 0: an old token
CLOSE = """
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[2] then return 0 end
redis.call('DEL', KEYS[1], KEYS[2], KEYS[3])
redis.call('SREM', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
return 1
"""

# keys: quick; arguments: the player's present room or '', a new code
# -> the code of a room with a free seat, else the new code
MATCH = """
for _, code in ipairs(redis.call('ZRANGE', KEYS[1], 0, 1)) do
  if code ~= ARGV[1] then return code end
end
redis.call('ZADD', KEYS[1], 0, ARGV[2])
return ARGV[2]
"""
