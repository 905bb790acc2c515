using static AgentFunctions.Local.Tests.Http.MalformedCase;

namespace AgentFunctions.Local.Tests.Http;

/// <summary>The table of requests that no host may accept. It needs an orchestrator ToolFanOut and no run 'nope'.</summary>
internal static class MalformedRequests
{
    private const string Start = "/api/runs/ToolFanOut";
    private const string Valid = """{"calls":[{"key":"a","tool":"echo","arguments":{"value":1}}]}""";

    public static IReadOnlyDictionary<string, MalformedCase> All { get; } =
        ((IEnumerable<MalformedCase>)[.. Envelopes(), .. NotJson(), .. NotTheInput(), .. StartParameters(), .. Listing(), .. Reading(), .. Steering(), .. Caching(), .. Routes()]).ToDictionary(c => c.Name, StringComparer.Ordinal);

    private static MalformedCase Body(string name, string body, params string[] says) => new(name, "POST", Start, 400, says) { Body = Json(body) };

    private static MalformedCase Query(string name, string query, params string[] says) => new(name, "POST", $"{Start}?{query}", 400, says) { Body = Json(Valid) };

    private static MalformedCase Header(string name, string header, string value, params string[] says) => new(name, "POST", Start, 400, says) { Body = Json(Valid), Header = (header, value) };

    private static IEnumerable<MalformedCase> Envelopes() =>
    [
        new("no body", "POST", Start, 400, "empty"),
        Body("empty body", "", "empty"),
        new("no content type", "POST", Start, 415, "Content-Type") { Body = Typed(Valid, mediaType: null) },
        new("text body", "POST", Start, 415, "text/plain", "application/json") { Body = Typed(Valid, "text/plain") },
        new("form body", "POST", Start, 415, "x-www-form-urlencoded") { Body = Typed("a=b", "application/x-www-form-urlencoded") },
        new("multipart body", "POST", Start, 415, "multipart/form-data") { Body = Typed("--x--", "multipart/form-data; boundary=x") },
        new("utf-16 body", "POST", Start, 415, "utf-16") { Body = Typed(Valid, "application/json; charset=utf-16") },
        new("compressed body", "POST", Start, 415, "gzip") { Body = Json(Valid), Header = ("Content-Encoding", "gzip") },
        new("too large, announced", "POST", Start, 413, "bytes", "limit") { Body = TooLarge(announced: true) },
        new("too large, chunked", "POST", Start, 413, "bytes", "limit") { Body = TooLarge(announced: false) },
    ];

    private static IEnumerable<MalformedCase> NotJson() =>
    [
        Body("spaces only", "   ", "not valid JSON"),
        Body("byte order mark only", "\uFEFF", "not valid JSON"),
        Body("cut off", """{"calls":[""", "line 1"),
        Body("plain words", "hello", "line 1, byte 1"),
        Body("single quotes", "{'calls':[]}", "line 1, byte 2"),
        Body("trailing comma", """{"calls":[],}""", "line 1", "comma"),
        Body("comment", "{\n  // none\n}", "line 2"),
        Body("two documents", "{} {}", "line 1"),
        Body("duplicate name", """{"calls":[],"calls":[]}""", "'calls' is given twice"),
        Body("duplicate name inside", """{"calls":[{"key":"a","key":"b","tool":"echo"}]}""", "key"),
        Body("duplicate name in arguments", """{"calls":[{"key":"a","tool":"echo","arguments":{"x":1,"x":2}}]}""", "x"),
        Body("60 levels deep", $$"""{"calls":[{"key":"a","tool":"echo","arguments":{{new string('[', 60)}}{{new string(']', 60)}}}]}""", "48 levels"),
        Body("100,000 levels deep", new string('[', 100_000), "48 levels"),
        new("invalid utf-8", "POST", Start, 400, "UTF-8", "byte 3") { Body = Bytes([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)'}']) },
        Body("lone surrogate in a value", """{"calls":[{"key":"\ud800","tool":"echo"}]}""", "surrogate"),
        Body("lone surrogate in a name", """{"\udfff":1}""", "surrogate"),
        Body("lone surrogate in arguments", """{"calls":[{"key":"a","tool":"echo","arguments":{"value":"\ud83d"}}]}""", "surrogate"),
        Body("not a number", """{"maxParallel":NaN}""", "line 1"),
        Body("beyond a double", """{"calls":[{"key":"a","tool":"echo","arguments":{"value":1e999}}]}""", "1e999"),
        Body("leading zero", """{"maxParallel":01}""", "line 1"),
        Body("raw control character", "{\"key\":\"a\u0001\"}", "line 1"),
    ];

    private static IEnumerable<MalformedCase> NotTheInput() =>
    [
        Body("null", "null", "null", "an object is expected"),
        Body("array", "[]", "an array", "an object is expected"),
        Body("string", "\"calls\"", "\"calls\"", "an object is expected"),
        Body("number", "42", "42", "an object is expected"),
        Body("boolean", "true", "true", "an object is expected"),
        Body("empty object", "{}", "calls", "missing"),
        Body("unknown property", """{"calls":[{"key":"a","tool":"echo"}],"cals":[]}""", "cals", "maxParallel"),
        Body("property in the wrong case", """{"Calls":[{"key":"a","tool":"echo"}]}""", "Calls"),
        Body("calls is an object", """{"calls":{}}""", "calls", "an object", "an array is expected"),
        Body("calls is null", """{"calls":null}""", "calls", "null"),
        Body("a call is null", """{"calls":[null]}""", "calls[0]", "null"),
        Body("a call is a number", """{"calls":[{"key":"a","tool":"echo"},1]}""", "calls[1]", "1"),
        Body("a call is an array", """{"calls":[[]]}""", "calls[0]", "an array"),
        Body("a call without tool", """{"calls":[{"key":"a"}]}""", "calls[0].tool", "missing"),
        Body("an empty call", """{"calls":[{}]}""", "calls[0].tool", "missing"),
        Body("a key that is a number", """{"calls":[{"key":7,"tool":"echo"}]}""", "calls[0].key", "7"),
        Body("a tool that is null", """{"calls":[{"key":"a","tool":null}]}""", "calls[0].tool", "null"),
        Body("an unknown property of a call", """{"calls":[{"key":"a","tool":"echo","args":{}}]}""", "calls[0].args", "arguments"),
        Body("timeout is a number", """{"calls":[{"key":"a","tool":"echo"}],"branchTimeout":5}""", "branchTimeout", "the number 5", "hh:mm:ss"),
        Body("timeout with a unit", """{"calls":[{"key":"a","tool":"echo"}],"branchTimeout":"5s"}""", "branchTimeout", "5s"),
        Body("timeout out of range", """{"calls":[{"key":"a","tool":"echo"}],"branchTimeout":"99:99:99"}""", "branchTimeout", "99:99:99"),
        Body("maxParallel is a string", """{"calls":[{"key":"a","tool":"echo"}],"maxParallel":"50"}""", "maxParallel", "50"),
        Body("maxParallel is a fraction", """{"calls":[{"key":"a","tool":"echo"}],"maxParallel":1.5}""", "maxParallel", "1.5"),
        Body("maxParallel is too large", """{"calls":[{"key":"a","tool":"echo"}],"maxParallel":99999999999}""", "maxParallel", "99999999999"),
        Body("critical is a string", """{"calls":[{"key":"a","tool":"echo"}],"critical":"a"}""", "critical", "an array is expected"),
        Body("critical holds a number", """{"calls":[{"key":"a","tool":"echo"}],"critical":[1]}""", "critical[0]", "1"),
        Body("critical holds null", """{"calls":[{"key":"a","tool":"echo"}],"critical":[null]}""", "critical[0]", "null"),
    ];

    private static IEnumerable<MalformedCase> StartParameters() =>
    [
        new("unknown orchestrator", "POST", "/api/runs/ToolFanout2", 404, "ToolFanout2", "ToolFanOut") { Body = Json(Valid) },
        new("orchestrator with markup", "POST", "/api/runs/%3Cscript%3E", 404, "<script>") { Body = Json(Valid) },
        Query("unknown priority", "priority=urgent", "priority", "urgent", "Interactive"),
        Query("priority by number", "priority=1", "priority", "'1'"),
        Query("empty priority", "priority=", "priority", "empty"),
        Query("priority twice", "priority=workflow&priority=background", "priority", "2 times"),
        Query("wait without a unit", "wait=30", "wait", "30", "30s"),
        Query("wait in words", "wait=soon", "wait", "soon"),
        Query("negative wait", "wait=-5s", "wait", "-5s"),
        Query("wait in hours", "wait=1h", "wait", "1h"),
        Query("wait too long", "wait=231s", "wait", "231s", "230"),
        Query("wait too long as a clock", "wait=00:10:00", "wait", "00:10:00"),
        Query("wait beyond numbers", "wait=99999999999999999999s", "wait"),
        Query("deadline without a unit", "deadline=30", "deadline", "30s"),
        Query("deadline in words", "deadline=soon", "deadline", "soon"),
        Query("negative deadline", "deadline=-5s", "deadline", "-5s"),
        Query("deadline that is over", "deadline=0s", "deadline", "0s", "above 0"),
        Query("deadline too far off", "deadline=1.00:00:01", "deadline", "24 hours"),
        Query("deadline twice", "deadline=1s&deadline=2s", "deadline", "2 times"),
        Query("empty deadline", "deadline=", "deadline", "empty"),
        Query("empty wait", "wait=", "wait", "empty"),
        Query("empty instance ID", "instanceId=", "instanceId", "empty"),
        Query("instance ID too long", $"instanceId={new string('x', 101)}", "instanceId", "1 to 100"),
        Query("instance ID with a slash", "instanceId=a%2Fb", "a/b"),
        Query("instance ID with a hash", "instanceId=a%23b", "a#b"),
        Query("instance ID of an entity", "instanceId=%40limiter%40a", "@limiter"),
        Query("instance ID with a control character", "instanceId=a%07b", "control character"),
        Query("instance ID of dots", "instanceId=..", "'..'"),
        Query("unknown parameter", "prioritty=interactive", "prioritty", "priority"),
        Header("empty quoted key", "Idempotency-Key", "\"\"", "Idempotency-Key", "empty"),
        Header("key too long", "Idempotency-Key", new string('k', 256), "Idempotency-Key", "256"),
        Header("key with a space", "Idempotency-Key", "a b", "Idempotency-Key", "a b"),
        Header("key with an open quote", "Idempotency-Key", "\"abc", "Idempotency-Key", "quoted"),
        Header("key with parameters", "Idempotency-Key", "\"abc\";v=1", "Idempotency-Key", "quoted"),
        Header("tenant in capitals", "X-Tenant", "Acme", "X-Tenant", "'Acme'", "small letters"),
        Header("tenant with the mark", "X-Tenant", "a~b", "X-Tenant", "'a~b'"),
        Header("tenant too long", "X-Tenant", new string('t', 41), "X-Tenant", "1 to 40"),
        Query("instance ID of another tenant", "instanceId=acme~x", "acme~x", "tenant 'acme'", "X-Tenant"),
        new("instance ID too long with its tenant", "POST", $"{Start}?instanceId={new string('x', 96)}", 400, "96 characters", "101", "at most 95") { Body = Json(Valid), Header = ("X-Tenant", "acme") },
        new("key and instance ID", "POST", $"{Start}?instanceId=a", 400, "instanceId", "Idempotency-Key") { Body = Json(Valid), Header = ("Idempotency-Key", "k") },
    ];

    private static IEnumerable<MalformedCase> Listing() =>
    [
        new("unknown status", "GET", "/api/runs?status=Done", 400, "status", "Done", "Completed"),
        new("status by number", "GET", "/api/runs?status=1", 400, "status", "'1'"),
        new("status with an empty item", "GET", "/api/runs?status=Running,,Failed", 400, "status"),
        new("page size 0", "GET", "/api/runs?pageSize=0", 400, "pageSize", "'0'", "1000"),
        new("page size 1001", "GET", "/api/runs?pageSize=1001", 400, "pageSize", "1001"),
        new("negative page size", "GET", "/api/runs?pageSize=-1", 400, "pageSize", "-1"),
        new("page size in words", "GET", "/api/runs?pageSize=all", 400, "pageSize", "all"),
        new("from in words", "GET", "/api/runs?from=yesterday", 400, "from", "yesterday", "RFC 3339"),
        new("from without time", "GET", "/api/runs?from=2026-01-01", 400, "from", "2026-01-01"),
        new("from without offset", "GET", "/api/runs?from=2026-01-01T00:00:00", 400, "from", "offset"),
        new("from with a raw plus", "GET", "/api/runs?from=2026-01-01T00:00:00+02:00", 400, "from", "%2B"),
        new("to in month 13", "GET", "/api/runs?to=2026-13-01T00:00:00Z", 400, "to", "2026-13-01"),
        new("from after to", "GET", "/api/runs?from=2026-02-01T00:00:00Z&to=2026-01-01T00:00:00Z", 400, "from", "before"),
        new("payloads neither true nor false", "GET", "/api/runs?payloads=yes", 400, "payloads", "yes"),
        new("name too long", "GET", $"/api/runs?name={new string('n', 101)}", 400, "name", "101"),
        new("empty prefix", "GET", "/api/runs?prefix=", 400, "prefix", "empty"),
        new("made-up continuation token", "GET", "/api/runs?continuationToken=made-up", 400, "continuationToken", "made-up"),
        new("list by a tenant that is none", "GET", "/api/runs?tenant=Acme", 400, "tenant", "Acme", "small letters"),
        new("list by the default tenant", "GET", "/api/runs?tenant=default", 400, "tenant", "default", "Leave it out"),
        new("unknown filter", "GET", "/api/runs?state=Running", 400, "state", "status"),
    ];

    private static IEnumerable<MalformedCase> Reading() =>
    [
        new("status of no run", "GET", "/api/runs/nope", 404, "nope"),
        new("status of a very long ID", "GET", $"/api/runs/{new string('z', 3000)}", 404, "zzz"),
        new("showInput neither true nor false", "GET", "/api/runs/nope?showInput=maybe", 400, "showInput", "maybe"),
        new("timeline of no run", "GET", "/api/runs/nope/timeline", 404, "nope"),
        new("timeline with a parameter", "GET", "/api/runs/nope/timeline?verbose=true", 400, "verbose"),
        new("graph of no run", "GET", "/api/runs/nope/graph", 404, "nope"),
        new("graph with a parameter", "GET", "/api/runs/nope/graph?format=svg", 400, "format"),
        new("stream of no run", "GET", "/api/runs/nope/stream", 404, "nope"),
        new("last event in words", "GET", "/api/runs/nope/stream", 400, "Last-Event-ID", "abc") { Header = ("Last-Event-ID", "abc") },
        new("last event negative", "GET", "/api/runs/nope/stream", 400, "Last-Event-ID", "-1") { Header = ("Last-Event-ID", "-1") },
        new("last event beyond numbers", "GET", "/api/runs/nope/stream?lastEventId=99999999999999999999", 400, "lastEventId", "99999999999999999999"),
        new("last event empty", "GET", "/api/runs/nope/stream?lastEventId=", 400, "lastEventId", "empty"),
        new("health with a parameter", "GET", "/api/health?deep=1", 400, "deep"),
    ];

    private static IEnumerable<MalformedCase> Steering() =>
    [
        new("event for no run", "POST", "/api/runs/nope/events/approved", 404, "nope") { Body = Json("true") },
        new("event that is not JSON", "POST", "/api/runs/nope/events/approved", 400, "line 1") { Body = Json("yes") },
        new("event sent as text", "POST", "/api/runs/nope/events/approved", 415, "text/plain") { Body = Typed("true", "text/plain") },
        new("event too large", "POST", "/api/runs/nope/events/approved", 413, "bytes") { Body = TooLarge(announced: false) },
        new("event name too long", "POST", $"/api/runs/nope/events/{new string('e', 101)}", 400, "101"),
        new("event name with a line break", "POST", "/api/runs/nope/events/a%0Ab", 400, "control character"),
        new("suspend no run", "POST", "/api/runs/nope/suspend", 404, "nope"),
        new("suspend with a very long reason", "POST", $"/api/runs/nope/suspend?reason={new string('r', 1025)}", 400, "reason", "1025"),
        new("resume no run", "POST", "/api/runs/nope/resume", 404, "nope"),
        new("resume with two reasons", "POST", "/api/runs/nope/resume?reason=a&reason=b", 400, "reason", "2 times"),
        new("terminate no run", "POST", "/api/runs/nope/terminate", 404, "nope"),
        new("terminate with an unknown parameter", "POST", "/api/runs/nope/terminate?why=x", 400, "why", "reason"),
        new("restart no run", "POST", "/api/runs/nope/restart", 404, "nope"),
        new("restart with neither true nor false", "POST", "/api/runs/nope/restart?withNewInstanceId=1", 400, "withNewInstanceId", "'1'"),
        new("purge no run", "DELETE", "/api/runs/nope", 404, "nope"),
        new("purge with a parameter", "DELETE", "/api/runs/nope?force=true", 400, "force"),
    ];

    private static IEnumerable<MalformedCase> Caching() =>
    [
        new("cache with a parameter", "GET", "/api/cache?kind=tool", 400, "kind"),
        new("invalidate nothing", "DELETE", "/api/cache", 400, "all=true"),
        new("invalidate nothing on purpose", "DELETE", "/api/cache?all=false", 400, "all=true"),
        new("invalidate all and a tag", "DELETE", "/api/cache?all=true&tag=prices", 400, "all=true"),
        new("invalidate all in words", "DELETE", "/api/cache?all=yes", 400, "all", "yes", "true or false"),
        new("invalidate an unknown kind", "DELETE", "/api/cache?kind=answers", 400, "kind", "answers", "Response, Tool, Embedding, Reasoning"),
        new("invalidate an empty tag", "DELETE", "/api/cache?tag=", 400, "tag", "empty"),
        new("invalidate a long tag", "DELETE", $"/api/cache?tag={new string('t', 101)}", 400, "tag", "101 characters", "1 to 100"),
        new("invalidate a tag and a kind", "DELETE", "/api/cache?tag=prices&kind=tool", 400, "kind", "can't be combined"),
        new("invalidate a key of nobody", "DELETE", $"/api/cache?key={new string('a', 64)}", 400, "tenant", "missing"),
        new("invalidate a short key", "DELETE", "/api/cache?key=abc&tenant=acme", 400, "key", "abc", "64 hexadecimal digits"),
        new("invalidate for a tenant that is none", "DELETE", "/api/cache?tenant=Acme", 400, "tenant", "Acme", "small letters"),
        new("invalidate for another tenant", "DELETE", "/api/cache?tenant=globex", 400, "globex", "acme") { Header = ("X-Tenant", "acme") },
        new("invalidate with an unknown parameter", "DELETE", "/api/cache?tags=prices", 400, "tags", "tag"),
        new("feedback without a body", "POST", "/api/cache/feedback", 400, "empty"),
        new("feedback that is not JSON", "POST", "/api/cache/feedback", 400, "line 1") { Body = Json("right") },
        new("feedback without a key", "POST", "/api/cache/feedback", 400, "key", "missing") { Body = Json("""{"question":"q","right":true}""") },
        new("feedback without a verdict", "POST", "/api/cache/feedback", 400, "right", "missing") { Body = Json("{\"question\":\"q\",\"key\":\"" + new string('a', 64) + "\"}") },
        new("feedback with a short key", "POST", "/api/cache/feedback", 400, "key", "'abc'") { Body = Json("""{"key":"abc","question":"q","right":true}""") },
        new("feedback with a word for true", "POST", "/api/cache/feedback", 400, "right", "yes") { Body = Json("""{"key":"abc","question":"q","right":"yes"}""") },
        new("feedback with an unknown property", "POST", "/api/cache/feedback", 400, "wrong", "matched") { Body = Json("""{"key":"abc","question":"q","right":true,"wrong":1}""") },
        new("feedback for another tenant", "POST", "/api/cache/feedback", 400, "globex", "acme") { Body = Json("{\"tenant\":\"globex\",\"question\":\"q\",\"right\":true,\"key\":\"" + new string('a', 64) + "\"}"), Header = ("X-Tenant", "acme") },
        new("feedback sent as text", "POST", "/api/cache/feedback", 415, "text/plain") { Body = Typed("{}", "text/plain") },
    ];

    private static IEnumerable<MalformedCase> Routes() =>
    [
        new("put a run", "PUT", "/api/runs/nope", 405, "PUT", "GET"),
        new("post the list", "POST", "/api/runs", 405, "POST", "GET"),
        new("delete health", "DELETE", "/api/health", 405, "DELETE", "GET"),
        new("put the cache", "PUT", "/api/cache", 405, "PUT", "DELETE"),
        new("get feedback", "GET", "/api/cache/feedback", 405, "GET", "POST"),
        new("get suspend", "GET", "/api/runs/nope/suspend", 405, "GET", "POST"),
        new("get an event", "GET", "/api/runs/nope/events/a", 405, "GET", "POST"),
        new("patch the stream", "PATCH", "/api/runs/nope/stream", 405, "PATCH", "GET"),
        new("made-up method", "BREW", "/api/health", 405, "BREW"),
        new("api alone", "GET", "/api", 404, "/api", "/api/runs"),
        new("unknown room", "GET", "/api/nope", 404, "/api/nope"),
        new("unknown action", "POST", "/api/runs/nope/explode", 404, "explode"),
        new("path too deep", "GET", "/api/runs/a/b/c/d/e", 404, "/api/runs/a/b/c/d/e"),
    ];
}
