using System.Net;
using System.Text.Json;
using AgentFunctions.Core.Durable;
using DurableTask.Core.History;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace AgentFunctions.App.Durable;

/// <summary>
/// Reads histories from the Durable Functions extension's HTTP management API: <c>GET …/instances/{id}?showHistory=true</c>. Its address and key come
/// with the client that a function is bound to. The key travels as a header, because addresses end up in telemetry.
/// </summary>
internal sealed partial class HostHistory(HttpClient http, ILogger<HostHistory> logger) : IHostHistory
{
    private const string KeyParameter = "code";
    private const string KeyHeader = "x-functions-key";
    private const string Query = "showHistory=true&showHistoryOutput=true&showInput=true";

    public async Task<IList<HistoryEvent>> ReadAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken)
    {
        using var request = Request(client, instanceId);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused(instanceId, response.StatusCode);
            }

            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            using var document = await JsonDocument.ParseAsync(body, cancellationToken: cancellationToken);
            return HostHistoryEvents.Read(document.RootElement.TryGetProperty("historyEvents", out var events) ? events : default);
        }
        catch (HistoryUnavailableException e)
        {
            LogUnavailable(instanceId, e);
            throw;
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or FormatException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnavailable(instanceId, e);
            throw new HistoryUnavailableException(instanceId, $"the Functions host's management API gave no answer that can be read ({e.GetType().Name}: {e.Message}). Try again; if it stays, look whether {request.RequestUri!.GetLeftPart(UriPartial.Authority)} reaches this app from inside.", permanent: false, e);
        }
    }

    private static HttpRequestMessage Request(DurableTaskClient client, string instanceId)
    {
        Uri address;
        try
        {
            address = new Uri(client.CreateHttpManagementPayload(instanceId).StatusQueryGetUri!);
        }
        catch (InvalidOperationException e)
        {
            throw new HistoryUnavailableException(instanceId, "the backend gives workers no history over gRPC, and the client names no management API of a Functions host. Use the Durable Functions extension 3 or later with Azure Storage, or a backend that streams histories.", permanent: true, e);
        }

        var (key, others) = Split(address.Query);
        var request = new HttpRequestMessage(HttpMethod.Get, $"{address.GetLeftPart(UriPartial.Path)}?{string.Join('&', others.Append(Query))}");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(KeyHeader, key);
        }

        return request;
    }

    private static (string? Key, IEnumerable<string> Others) Split(string query)
    {
        const string Prefix = KeyParameter + "=";
        var parts = query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);
        var key = parts.FirstOrDefault(p => p.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase));
        return (key is null ? null : Uri.UnescapeDataString(key[Prefix.Length..]), parts.Where(p => p != key));
    }

    private static HistoryUnavailableException Refused(string instanceId, HttpStatusCode status) => new(
        instanceId,
        $"the Functions host's management API answered HTTP {(int)status}. " + status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "Its key is the app's system key 'durabletask_extension': restart the app after that was changed, and let /runtime/webhooks/durabletask through where access is restricted.",
            HttpStatusCode.NotFound => "Let /runtime/webhooks/durabletask through to the app; or the run was purged just now.",
            HttpStatusCode.NotImplemented => "The storage provider keeps no history that can be read.",
            _ => "Try again; if it stays, the host's log says why: its storage fails, or the storage provider keeps no history that can be read.",
        },
        permanent: status == HttpStatusCode.NotImplemented);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning, Message = "The history of run {InstanceId} could not be read from the Functions host.")]
    private partial void LogUnavailable(string instanceId, Exception exception);
}
