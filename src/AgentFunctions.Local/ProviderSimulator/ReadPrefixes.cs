using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Local.ProviderSimulator;

/// <summary>
/// What of a request the provider has read before: its beginning, tools first, as far as an earlier request began with the same bytes. As with OpenAI it counts
/// from 1,024 tokens, in steps of 128 (https://platform.openai.com/docs/guides/prompt-caching); unlike there only whole messages count, and nothing is forgotten
/// before 100,000 beginnings are known.
/// </summary>
internal sealed class ReadPrefixes
{
    private const int Least = 1024;
    private const int Step = 128;
    private const int Most = 100_000;

    private readonly Lock gate = new();
    private readonly HashSet<string> known = new(StringComparer.Ordinal);
    private readonly Queue<string> order = new();

    /// <summary>How many of the request's tokens an earlier one began with; all of its beginnings are known from now on.</summary>
    public int Read(ChatRequest request, string model)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (tokens, cached) = (0, 0);
        Add(model);
        foreach (var tool in request.Functions) tokens += Add(tool.Name) + Add(tool.Parameters?.GetRawText());
        foreach (var message in request.Messages ?? [])
        {
            tokens += 4 + Add(message?.Role) + Add(message?.Content?.GetRawText());
            foreach (var call in message?.ToolCalls ?? []) tokens += Add(call.Function.Name) + Add(call.Function.Arguments);
            if (Knew(Convert.ToHexString(hash.GetCurrentHash()))) cached = tokens;
        }

        return cached < Least ? 0 : cached / Step * Step;

        int Add(string? text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text ?? ""));
            hash.AppendData([0]);
            return TokenEstimate.Count(text ?? "");
        }
    }

    private bool Knew(string beginning)
    {
        lock (gate)
        {
            if (!known.Add(beginning)) return true;
            order.Enqueue(beginning);
            if (order.Count > Most) known.Remove(order.Dequeue());
            return false;
        }
    }
}
