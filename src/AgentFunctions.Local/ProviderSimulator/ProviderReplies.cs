using System.Globalization;
using System.Text.Json.Serialization.Metadata;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>Errors as OpenAI words them, and the writing of JSON.</summary>
internal static class ProviderReplies
{
    public static Task WriteAsync<T>(HttpContext http, T value, JsonTypeInfo<T> shape, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(value, shape, contentType: null, http.RequestAborted);
    }

    public static Task RejectAsync(HttpContext http, string message, string? parameter = null, int status = StatusCodes.Status400BadRequest) =>
        WriteAsync(http, new ErrorReply(new ErrorBody(message, "invalid_request_error", parameter, Code: null)), ProviderJsonContext.Default.ErrorReply, status);

    public static Task FailAsync(HttpContext http) =>
        WriteAsync(http, new ErrorReply(new ErrorBody("The server had an error while processing your request. Sorry about that! (simulated)", "server_error", Param: null, Code: null)), ProviderJsonContext.Default.ErrorReply, StatusCodes.Status500InternalServerError);

    public static Task ThrottleAsync(HttpContext http, string model, Refusal refusal)
    {
        var message = $"Rate limit reached for {model} on {refusal.Kind} per min ({(refusal.Kind == "tokens" ? "TPM" : "RPM")}): Limit {refusal.Limit}, Requested {refusal.Requested}.";
        if (refusal.RetryAfter is { } wait)
        {
            var milliseconds = Math.Ceiling(wait.TotalMilliseconds);
            http.Response.Headers.RetryAfter = Math.Max(1, Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            http.Response.Headers["retry-after-ms"] = milliseconds.ToString(CultureInfo.InvariantCulture);
            message += string.Create(CultureInfo.InvariantCulture, $" Please try again in {milliseconds}ms.");
        }
        else
        {
            message = $"Request too large. {message} The input or the output must be reduced.";
        }

        return WriteAsync(http, new ErrorReply(new ErrorBody(message, refusal.Kind, Param: null, "rate_limit_exceeded")), ProviderJsonContext.Default.ErrorReply, StatusCodes.Status429TooManyRequests);
    }

    /// <summary>A 200 whose JSON breaks off.</summary>
    public static async Task BreakOffAsync(HttpContext http, bool asStream)
    {
        http.Response.ContentType = asStream ? "text/event-stream" : "application/json";
        await http.Response.WriteAsync(asStream ? "data: {\"id\":\"chatcmpl-broken\",\"choices\":[{\"ind\n\n" : "{\"id\":\"chatcmpl-broken\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"mess", http.RequestAborted);
    }
}
