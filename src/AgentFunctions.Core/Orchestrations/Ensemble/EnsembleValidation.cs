using System.Globalization;
using AgentFunctions.Core.Caching;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Voting;

namespace AgentFunctions.Core.Orchestrations.Ensemble;

/// <summary>Says what is wrong with an input.</summary>
internal static class EnsembleValidation
{
    public const int MostMembers = 50;
    private const int LongestText = 4_000;

    public static void Check(EnsembleInput input, InputErrors errors)
    {
        CheckPrompt(input, errors);
        errors.AddIf(input.MemberTimeout <= TimeSpan.Zero || input.MemberTimeout > TimeSpan.FromDays(1), "memberTimeout", $"The member timeout is {input.MemberTimeout}. It must be above 0 and at most 1 day (1.00:00:00).");
        errors.AddIf(input.MaxAttempts is < 1 or > 10, "maxAttempts", $"maxAttempts is {input.MaxAttempts}. It must be 1 to 10.");
        errors.AddIf(input.MaxOutputTokens is < 1 or > 100_000, "maxOutputTokens", $"maxOutputTokens is {input.MaxOutputTokens}. It must be 1 to 100,000.");
        CacheSettingsRules.Check(input.Cache, "cache", errors);
        CheckExtraction(input.Extract, errors);
        CheckJudge(input, errors);
        errors.AddIf(input.Members.Count is < 2 or > MostMembers, "members", $"There are {input.Members.Count} members. Send 2 to {MostMembers}.");
        CheckQuorum(input, errors);
        if (input.Members.Count > MostMembers) return;

        var keys = new InputKeys(errors);
        for (var i = 0; i < input.Members.Count; i++) CheckMember(input.Members[i], $"members[{i}]", keys, errors);
    }

    private static void CheckPrompt(EnsembleInput input, InputErrors errors)
    {
        errors.AddIf(input.Prompt is not null && input.PromptRef is not null, "prompt", "Both 'prompt' and 'promptRef' are set. Send one of them.");
        errors.AddIf(input.PromptRef is null && string.IsNullOrWhiteSpace(input.Prompt), "prompt", "The prompt is empty. Say what to answer.");
        errors.AddIf(input.Prompt is { Length: > 1_000_000 }, "prompt", $"The prompt has {input.Prompt?.Length} characters. Send at most 1,000,000.");
        errors.AddIf(input.PromptRef is { } address && !address.IsValid(), "promptRef", $"'{input.PromptRef?.Sha256}' with length {input.PromptRef?.Length} is no content address. Send 64 lower-case hexadecimal digits as 'sha256' and the number of bytes as 'length'.");
    }

    private static void CheckMember(EnsembleMember? member, string path, InputKeys keys, InputErrors errors)
    {
        if (member is null)
        {
            errors.AddIf(true, path, "The member is null. Send an object with 'key' and 'model'.");
            return;
        }

        keys.Add(member.Key, $"{path}.key");
        errors.AddIf(string.IsNullOrWhiteSpace(member.Model), $"{path}.model", "The model is empty. Name a tier (fast, balanced, capable) or a configured model.");
        CheckText(member.Instructions, $"{path}.instructions", errors);
        errors.AddIf(member.Weight is < 0 or > 1_000, $"{path}.weight", $"The weight is {member.Weight.ToString(CultureInfo.InvariantCulture)}. It must be 0 to 1,000.");
        errors.AddIf(member.Temperature is < 0 or > 2 or float.NaN, $"{path}.temperature", $"The temperature is {member.Temperature?.ToString(CultureInfo.InvariantCulture)}. It must be 0 to 2.");
    }

    private static void CheckExtraction(AnswerExtraction extract, InputErrors errors)
    {
        if (extract.Pattern is { } pattern)
        {
            errors.AddIf(pattern.Length is 0 or > 500, "extract.pattern", $"The pattern has {pattern.Length} characters. Give it 1 to 500, or leave it out.");
            if (PatternFault(pattern) is { } fault) errors.AddIf(true, "extract.pattern", $"'{pattern}' can't be used: {fault} Give a regular expression without look-around, back-references and atomic groups.");
        }

        if (extract.Labels is not { } labels) return;
        errors.AddIf(labels.Count is < 2 or > 50, "extract.labels", $"There are {labels.Count} labels. Give 2 to 50, or leave them out.");
        var forms = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Math.Min(labels.Count, 50); i++)
        {
            var form = AnswerForm.Of(labels[i] ?? "");
            errors.AddIf(form.Length == 0 || labels[i].Length > 100, $"extract.labels[{i}]", $"The label '{labels[i]}' can't be told from other text. Give it 1 to 100 characters with a letter or digit among them.");
            errors.AddIf(form.Length > 0 && !forms.Add(form), $"extract.labels[{i}]", $"The label '{labels[i]}' equals an earlier one but for case and punctuation. Leave it out.");
        }
    }

    private static string? PatternFault(string pattern)
    {
        try
        {
            AnswerExtraction.Compile(pattern);
            return null;
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return exception.Message;
        }
    }

    private static void CheckJudge(EnsembleInput input, InputErrors errors)
    {
        if (input.Judge is not { } judge) return;
        errors.AddIf(input.Method != EnsembleMethod.Judge, "judge", $"A judge is given, but the method is {input.Method}. Set \"method\": \"Judge\", or leave the judge out.");
        errors.AddIf(string.IsNullOrWhiteSpace(judge.Model), "judge.model", "The model is empty. Name a tier (fast, balanced, capable) or a configured model.");
        CheckText(judge.Criteria, "judge.criteria", errors);
        errors.AddIf(judge.Timeout <= TimeSpan.Zero || judge.Timeout > TimeSpan.FromDays(1), "judge.timeout", $"The judge's timeout is {judge.Timeout}. It must be above 0 and at most 1 day (1.00:00:00).");
    }

    private static void CheckQuorum(EnsembleInput input, InputErrors errors)
    {
        if (input.Quorum is not { } quorum) return;
        var most = Math.Max(2, input.Members.Count);
        errors.AddIf(quorum.Agreeing is { } agreeing && (agreeing < 2 || agreeing > most), "quorum.agreeing", $"agreeing is {quorum.Agreeing} of {input.Members.Count} members. It must be 2 to {most}.");
        errors.AddIf(quorum.Agreeing is null && (input.Method == EnsembleMethod.Judge || !quorum.Decided), "quorum.agreeing", "The quorum says nothing that could end the run early. Set 'agreeing' to how many equal answers do, or leave the quorum out.");
    }

    private static void CheckText(string? text, string path, InputErrors errors) =>
        errors.AddIf(text is not null && (string.IsNullOrWhiteSpace(text) || text.Length > LongestText), path, $"The text has {text?.Length} characters, {text?.Trim().Length} without white space at either end. Give it 1 to 4,000, or leave it out.");
}
