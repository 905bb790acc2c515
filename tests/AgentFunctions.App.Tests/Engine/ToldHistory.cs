using System.Text.Json;
using AgentFunctions.App.Durable;
using DurableTask.Core.History;
using Microsoft.DurableTask.Client;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace AgentFunctions.App.Tests.Engine;

/// <summary>
/// A history as the extension's HTTP management API tells it, written after DurableClient.GetDurableOrchestrationStatusAsync of
/// Azure/azure-functions-durable-extension (a7c6d69; the same in v3.x at 92fecfc): event IDs and turns are left out, and what was scheduled is merged into its end.
/// </summary>
internal sealed class ToldHistory(EntityService service) : IHostHistory
{
    public Task<IList<HistoryEvent>> ReadAsync(DurableTaskClient client, string instanceId, CancellationToken cancellationToken) =>
        Task.FromResult(HostHistoryEvents.Read(JsonElement.Parse(Tell(service.HistoryOf(instanceId)).ToString(Formatting.None))));

    /// <summary>The value of <c>historyEvents</c>.</summary>
    public static JArray Tell(IList<HistoryEvent> history)
    {
        using var reader = new JsonTextReader(new StringReader(JsonConvert.SerializeObject(history))) { DateParseHandling = DateParseHandling.None };
        var told = JArray.Load(reader);
        var begun = new Dictionary<string, JObject>(StringComparer.Ordinal);
        var dropped = new List<JObject>();
        foreach (var item in told.Cast<JObject>())
        {
            var type = (EventType)item.Value<int>("EventType");
            item["EventType"] = type.ToString();
            switch (type)
            {
                case EventType.TaskScheduled or EventType.SubOrchestrationInstanceCreated:
                    begun.Add($"{type}_{item["EventId"]}", (JObject)item.DeepClone());
                    item.Remove("Version");
                    break;
                case EventType.TaskCompleted or EventType.TaskFailed:
                    Merge(item, nameof(EventType.TaskScheduled), type == EventType.TaskCompleted);
                    break;
                case EventType.SubOrchestrationInstanceCompleted or EventType.SubOrchestrationInstanceFailed:
                    Merge(item, nameof(EventType.SubOrchestrationInstanceCreated), type == EventType.SubOrchestrationInstanceCompleted);
                    break;
                case EventType.ExecutionStarted:
                    item["FunctionName"] = item["Name"];
                    string[] hidden = ["Name", "OrchestrationInstance", "ParentInstance", "Version", "Tags"];
                    hidden.ToList().ForEach(name => item.Remove(name));
                    break;
                case EventType.ExecutionCompleted:
                    item["OrchestrationStatus"] = ((DurableTask.Core.OrchestrationStatus)item.Value<int>("OrchestrationStatus")).ToString();
                    Result(item);
                    break;
                case EventType.TimerFired:
                    item.Remove("TimerId");
                    break;
                case EventType.OrchestratorStarted or EventType.OrchestratorCompleted:
                    dropped.Add(item);
                    break;
            }
        }

        foreach (var item in told.Cast<JObject>().ToList())
        {
            if (dropped.Contains(item) || (item.TryGetValue("EventId", StringComparison.Ordinal, out var id) && Ended($"{item["EventType"]}_{id}")))
                item.Remove();
            item.Remove("EventId");
            item.Remove("IsPlayed");
        }

        return told;

        bool Ended(string key) => begun.TryGetValue(key, out var begin) && begin["Ended"] is not null;

        void Merge(JObject end, string kind, bool completed)
        {
            if (begun.TryGetValue($"{kind}_{end["TaskScheduledId"]}", out var begin))
            {
                // The extension reads the time into a DateTime of its own zone, and so it is written.
                end["ScheduledTime"] = DateTimeOffset.Parse(begin.Value<string>("Timestamp")!, System.Globalization.CultureInfo.InvariantCulture).LocalDateTime;
                end["FunctionName"] = begin["Name"];
                end["Input"] = begin["Input"];
                begin["Ended"] = true;
            }

            end.Remove("TaskScheduledId");
            if (completed)
                Result(end);
        }
    }

    private static void Result(JObject item)
    {
        var result = item.Value<string?>("Result");
        try
        {
            item["Result"] = result is null ? JValue.CreateNull() : JToken.Parse(result);
        }
        catch (JsonReaderException)
        {
            item["Result"] = result;
        }
    }
}
