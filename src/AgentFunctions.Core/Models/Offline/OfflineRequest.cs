using Microsoft.Extensions.AI;

namespace AgentFunctions.Core.Models.Offline;

/// <summary>An answer, and whether a sentence had to be cut to fit.</summary>
internal readonly record struct OfflineAnswer(string Text, bool CutOff = false);

/// <summary>What the offline model is asked, read out of chat messages.</summary>
/// <param name="Purpose">Which algorithm.</param>
/// <param name="Task">The system message and the parts that belong to the question.</param>
/// <param name="Sources">The other parts, in order.</param>
/// <param name="MaxTokens">The longest answer in estimated tokens.</param>
internal sealed record OfflineRequest(ModelPurpose Purpose, string Task, IReadOnlyList<string> Sources, int MaxTokens)
{
    private static readonly HashSet<string> QuestionTitles = new(StringComparer.OrdinalIgnoreCase) { "question", "query", "task", "prompt" };

    public static OfflineRequest From(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<string> task = [], sources = [];
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Assistant) continue;
            foreach (var text in message.Contents.Select(TextOf).Where(text => !string.IsNullOrWhiteSpace(text)))
            {
                if (message.Role == ChatRole.System)
                {
                    task.Add(text!);
                    continue;
                }

                var (title, body) = SplitTitle(text!);
                if (title is not null && QuestionTitles.Contains(title)) task.Add(body);
                else sources.Add(title is null ? text! : body);
            }
        }

        return new(ReadPurpose(options), string.Join('\n', task), sources, options?.MaxOutputTokens ?? int.MaxValue);
    }

    public OfflineAnswer Answer(CancellationToken cancellationToken) => Purpose switch
    {
        ModelPurpose.Classify => new(LabelClassifier.Classify(Task, string.Join('\n', Sources))),
        ModelPurpose.Rank => new(string.Join(", ", CandidateRanking.Rank(Task, Candidates.From(Sources)).Select(i => (i + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)))),
        ModelPurpose.Judge => new((CandidateJudge.Best(Task, Candidates.From(Sources)) + 1).ToString(System.Globalization.CultureInfo.InvariantCulture)),
        ModelPurpose.Summarize or ModelPurpose.Combine => Extract(Task, Sources, cancellationToken),
        _ => AnswerQuestion(cancellationToken),
    };

    /// <summary>The title of a part (<c># Title</c> on a line of its own, first) and the rest.</summary>
    internal static (string? Title, string Body) SplitTitle(string text)
    {
        var start = text.AsSpan().TrimStart();
        if (!start.StartsWith("# ", StringComparison.Ordinal)) return (null, text);
        var end = start.IndexOf('\n');
        return end < 0 ? (null, text) : (start[2..end].Trim().ToString(), start[(end + 1)..].ToString());
    }

    private OfflineAnswer Extract(string task, IReadOnlyList<string> sources, CancellationToken cancellationToken)
    {
        var extract = SentenceSelection.Select(SourceSentences.From(sources), task, Purpose, MaxTokens, cancellationToken);
        return extract.Text.Length > 0 ? extract : new("The text is empty.");
    }

    /// <summary>A question often comes in the same message as its text: as the first or the last paragraph.</summary>
    private OfflineAnswer AnswerQuestion(CancellationToken cancellationToken)
    {
        List<string> questions = [], texts = [];
        foreach (var source in Sources)
        {
            var paragraphs = source.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var last = paragraphs.Length - 1;
            questions.AddRange(paragraphs.Where((paragraph, i) => (i == 0 || i == last) && IsQuestion(paragraph)));
            texts.Add(string.Join("\n\n", paragraphs.Where((paragraph, i) => (i != 0 && i != last) || !IsQuestion(paragraph))));
        }

        texts.RemoveAll(string.IsNullOrWhiteSpace);
        return texts.Count == 0 && questions.Count > 0
            ? new($"The built-in offline model answers only out of texts that it is given, and it was given none with this question: {questions[0]}")
            : Extract(string.Join('\n', [Task, .. questions]), texts, cancellationToken);
    }

    private static bool IsQuestion(string paragraph) => paragraph.Length < 600 && (paragraph.EndsWith('?') || paragraph.EndsWith('？') || paragraph.EndsWith('؟'));

    private static string? TextOf(AIContent content) => content switch
    {
        TextContent text => text.Text,
        FunctionResultContent result => result.Result?.ToString(),
        _ => null,
    };

    private static ModelPurpose ReadPurpose(ChatOptions? options) => options?.AdditionalProperties?.TryGetValue(ModelProperties.Purpose, out var value) != true ? ModelPurpose.Answer : value switch
    {
        ModelPurpose purpose => purpose,
        string name when Enum.TryParse<ModelPurpose>(name, ignoreCase: true, out var purpose) && Enum.IsDefined(purpose) => purpose,
        _ => throw new Durable.PermanentFailureException($"'{value}' is no purpose. Set {ModelProperties.Purpose} to one of {string.Join(", ", Enum.GetNames<ModelPurpose>())}."),
    };
}
