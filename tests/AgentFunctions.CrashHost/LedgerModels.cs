using System.Text.RegularExpressions;
using AgentFunctions.Core.Models;
using Microsoft.Extensions.AI;

namespace AgentFunctions.CrashHost;

/// <summary>The models that there are, but each call is written down and takes its time.</summary>
internal sealed class LedgerModels(IModelCatalog models, EffectLedger ledger) : IModelCatalog
{
    public IReadOnlyList<string> Names => models.Names;

    public ResolvedModel Resolve(string model)
    {
        var resolved = models.Resolve(model);
        return resolved with { Client = new LedgerChatClient(resolved.Client, ledger) };
    }
}

/// <summary>A chunk is known by the "Station N" it begins with, a combination by the first and last of the "Part N" that it is given.</summary>
internal sealed partial class LedgerChatClient(IChatClient inner, EffectLedger ledger) : DelegatingChatClient(inner)
{
    /// <summary>The line of a call for one chunk.</summary>
    public static string MapEffect(string station) => $"map {station}";

    /// <summary>The line of a call that combines these parts, from 1.</summary>
    public static string CombineEffect(string first, string last) => $"combine {first} to {last}";

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var asked = messages.ToList();
        ledger.Add(Effect(string.Join('\n', asked[^1].Contents.OfType<TextContent>().Select(content => content.Text)), options?.AdditionalProperties?[ModelProperties.Purpose]));
        await Task.Delay(ledger.ModelDelay, cancellationToken);
        return await base.GetResponseAsync(asked, options, cancellationToken);
    }

    private static string Effect(string text, object? purpose)
    {
        if (purpose is not ModelPurpose.Combine)
        {
            return MapEffect(Station().Match(text).Groups["number"].Value);
        }

        var parts = Part().Matches(text);
        return CombineEffect(parts[0].Groups["first"].Value, parts[^1].Groups["last"] is { Success: true } last ? last.Value : parts[^1].Groups["first"].Value);
    }

    [GeneratedRegex(@"Station (?<number>\d+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Station();

    [GeneratedRegex(@"^# Parts? (?<first>\d+)( to (?<last>\d+))?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Part();
}
