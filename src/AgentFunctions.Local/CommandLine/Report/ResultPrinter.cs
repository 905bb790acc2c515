using System.Text.Encodings.Web;
using System.Text.Json;
using AgentFunctions.Core.Durable;

namespace AgentFunctions.Local.CommandLine.Report;

/// <summary>Writes how a run ended: its result to standard output, or its failure to standard error.</summary>
internal sealed class ResultPrinter(Terminal terminal)
{
    private const int LongestLine = 100;
    private static readonly JsonWriterOptions indented = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>For people: a <c>result</c> that is a text as wrapped text with the other properties under it, anything else as JSON.</summary>
    /// <param name="state">The run's final state.</param>
    public async Task PrintAsync(RunState state)
    {
        if (await PrintFailureAsync(state) || state.Output is not { } output)
        {
            return;
        }

        await terminal.Out.WriteLineAsync();
        if (output.ValueKind == JsonValueKind.Object && output.TryGetProperty("result", out var result) && result.ValueKind == JsonValueKind.String)
        {
            var width = Math.Min(LongestLine, terminal.Console.Profile.Width);
            await terminal.Out.WriteLineAsync(WrappedText.Wrap(result.GetString()!, width));
            await terminal.Out.WriteLineAsync();
            foreach (var property in output.EnumerateObject().Where(p => p.Name != "result"))
            {
                await terminal.Out.WriteLineAsync($"{property.Name}: {(property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString() : Compact(property.Value))}");
            }
        }
        else
        {
            await terminal.Out.WriteLineAsync(Indented(output));
        }
    }

    /// <summary>For programs: the result's JSON and nothing else.</summary>
    /// <param name="state">The run's final state.</param>
    public async Task PrintJsonAsync(RunState state)
    {
        if (!await PrintFailureAsync(state))
        {
            await terminal.Out.WriteLineAsync(state.Output is { } output ? Indented(output) : "null");
        }
    }

    private async Task<bool> PrintFailureAsync(RunState state)
    {
        var text = state switch
        {
            { RuntimeStatus: RuntimeStatus.Completed } => null,
            { Failure: { } failure } => $"The run '{state.InstanceId}' failed{(failure.Step is { } step ? $" at {step}" : "")}: {failure.Type}: {failure.Message}",
            { RuntimeStatus: RuntimeStatus.Terminated } => $"The run '{state.InstanceId}' was terminated: {(state.Output is { } reason ? Compact(reason) : "no reason was given")}",
            _ => $"The run '{state.InstanceId}' ended as {state.RuntimeStatus}.",
        };
        if (text is not null)
        {
            await terminal.Error.WriteLineAsync(text);
        }

        return text is not null;
    }

    private static string Indented(JsonElement value) => Write(value, indented);

    private static string Compact(JsonElement value) => Write(value, indented with { Indented = false });

    private static string Write(JsonElement value, JsonWriterOptions options)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            value.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
