using System.Text.Json.Nodes;
using AgentFunctions.Core.Activities;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;
using AgentFunctions.Core.Policies;
using AgentFunctions.Core.Tools;

namespace AgentFunctions.Core.Orchestrations.Approval;

/// <summary>The notifications of one approval. None is waited for: a decision counts also while a notification is on its way.</summary>
internal sealed class ApprovalNotices(OrchestrationContext context, ApprovalInput input, string eventName, string label, DateTimeOffset? expiresAt, CancellationToken ended)
{
    private readonly DateTimeOffset start = context.UtcNow;
    private readonly List<ApprovalNotice> notices = [];
    private readonly Dictionary<ApprovalNoticeKind, int> counts = [];
    private ReplaySafeRandom? random;

    /// <summary>What was sent so far. What is still on its way counts as cancelled: it is read when the approval has ended.</summary>
    public IReadOnlyList<ApprovalNotice> All => notices;

    public Cost? Cost { get; private set; }

    public void Send(ApprovalNoticeKind kind, IReadOnlyList<string> to)
    {
        var number = counts[kind] = counts.GetValueOrDefault(kind) + 1;
        var place = notices.Count;
        notices.Add(new() { Kind = kind, At = context.UtcNow, To = to, Status = input.Notify is null ? ApprovalNoticeStatus.Recorded : ApprovalNoticeStatus.Cancelled });

        // It has no outcome of its own: SendAsync notes success and failure.
        if (input.Notify is { } notify) _ = SendAsync(notify, place, number);
    }

    private async Task SendAsync(ApprovalNotification notify, int place, int number)
    {
        try
        {
            var call = new ToolCall { Tool = notify.Tool, Arguments = notify.Arguments is { } template ? Render(template, notices[place], number) : null, RetryKey = context.NewGuid().ToString("n"), Cache = new() { Mode = CacheMode.Off } };
            var reply = await Attempts.RunAsync(
                context,
                new RetryPolicy { MaxAttempts = notify.MaxAttempts },
                () => (random ??= ReplaySafeRandom.From(context)).NextDouble(),
                token => context.CallActivityAsync(ActivityReferences.CallTool, call, new CallOptions { Label = $"{label}: {notices[place].Kind} {number}", Cancellation = token }),
                deadline: null,
                failed: null,
                ended);
            notices[place] = notices[place] with { Status = ApprovalNoticeStatus.Sent };
            Cost = Cost.Sum([Cost, reply.Cost]);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // Decided meanwhile: Cancelled stands.
        }
        catch (Exception exception)
        {
            notices[place] = notices[place] with { Status = ApprovalNoticeStatus.Failed, Error = FailureDetails.From(exception) };
        }
    }

    private System.Text.Json.JsonElement Render(System.Text.Json.JsonElement template, ApprovalNotice notice, int number)
    {
        var values = System.Text.Json.JsonElement.Parse(new JsonObject
        {
            ["kind"] = notice.Kind.ToString(),
            ["number"] = number,
            ["to"] = new JsonArray([.. notice.To.Select(name => (JsonNode)JsonValue.Create(name))]),
            ["title"] = input.Title,
            ["details"] = input.Details ?? "",
            ["choices"] = new JsonArray([.. input.Choices.Select(choice => (JsonNode)JsonValue.Create(choice))]),
            ["instanceId"] = context.InstanceId,
            ["eventName"] = eventName,
            ["requestedAt"] = start.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["expiresAt"] = expiresAt?.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["idempotencyKey"] = $"{context.InstanceId}/{eventName}/{notice.Kind}-{number}",
        }.ToJsonString());
        return JsonTemplate.Render(template, path => ValuePath.Find(values, path), ApprovalValidation.UnknownPlaceholder);
    }
}
