using System.Text.Json;
using AgentFunctions.Core.Serialization;
using Microsoft.AspNetCore.Http;

namespace AgentFunctions.Api;

/// <summary>An answer whose bytes exist before it is sent, so that what can fail has failed while a problem could still be answered.</summary>
internal sealed class Reply : IResult
{
    public required int Status { get; init; }

    public ReadOnlyMemory<byte> Body { get; init; }

    public string ContentType { get; init; } = "application/json; charset=utf-8";

    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    public static Reply Json<T>(int status, T value, JsonSerializerOptions json, params IReadOnlyList<KeyValuePair<string, string>> headers) =>
        new() { Status = status, Body = DurableJson.Write(value, json), Headers = headers };

    public static Reply Empty(int status) => new() { Status = status };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        // A run's state is out of date the moment it is read.
        response.Headers.CacheControl = "no-store";
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (!Body.IsEmpty)
        {
            response.ContentType = ContentType;
            response.ContentLength = Body.Length;
            await response.Body.WriteAsync(Body, httpContext.RequestAborted);
        }
    }
}
