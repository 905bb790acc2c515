using AgentFunctions.Core.Durable;

namespace AgentFunctions.Core.Caching;

/// <summary>What may be asked of the cache.</summary>
internal static class CacheRules
{
    /// <summary>The longest question in feedback, in characters.</summary>
    public const int LongestQuestion = 10_000;

    /// <summary>Refuses a request that can't work.</summary>
    /// <exception cref="PermanentFailureException">It can't; the message names each setting, its value and the range.</exception>
    public static void Check(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        List<string> errors = [];
        CheckTenant(request.Tenant, errors);
        CheckKind(request.Kind, errors);
        if (string.IsNullOrEmpty(request.Maker)) errors.Add("The maker is empty. Set it to the name of the model or tool.");
        if (request.Settings is not { } settings)
        {
            errors.Add("The settings are null. Leave them out for the defaults.");
        }
        else
        {
            if (!Enum.IsDefined(settings.Mode)) errors.Add($"mode is {settings.Mode}. Set it to {string.Join(", ", Enum.GetNames<CacheMode>())}.");
            if (settings.Ttl is { } ttl && (ttl < CacheOptionsValidation.LeastTtl || ttl > CacheOptionsValidation.MostTtl)) errors.Add($"ttl is {ttl}. Set it from {CacheOptionsValidation.LeastTtl} to {CacheOptionsValidation.MostTtl}.");
            CheckTags(settings.Tags, errors);
        }

        Throw("The cache settings can't work", errors);
    }

    /// <summary>Refuses an invalidation that can't work.</summary>
    /// <exception cref="PermanentFailureException">It can't.</exception>
    public static void Check(CacheInvalidation what)
    {
        ArgumentNullException.ThrowIfNull(what);
        List<string> errors = [];
        if (what.Tenant is { } tenant) CheckTenant(tenant, errors);
        if (what.Kind is { } kind) CheckKind(kind, errors);
        if (what.Tag is { } tag) CheckTag(tag, errors);
        if (what.Tag is not null && what.Kind is not null) errors.Add($"tag is '{what.Tag}' and kind is {what.Kind}: they can't be combined. Invalidate one after the other.");
        if (what.Key is { } key)
        {
            if (!CacheKey.TryParse(key, out _)) errors.Add($"key is '{Shown(key)}'. Set it to the {CacheKey.Digits} hexadecimal digits that a note told.");
            if (what.Tenant is null) errors.Add("A key needs its tenant. Set tenant.");
            if (what.Kind is not null || what.Tag is not null) errors.Add("With a key neither kind nor tag is allowed. Leave them out.");
        }

        Throw("This can't be invalidated", errors);
    }

    /// <summary>Refuses feedback that can't work.</summary>
    /// <exception cref="PermanentFailureException">It can't.</exception>
    public static void Check(CacheFeedback feedback)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        List<string> errors = [];
        CheckTenant(feedback.Tenant, errors);
        if (!CacheKey.TryParse(feedback.Key, out _)) errors.Add($"key is '{Shown(feedback.Key)}'. Set it to the {CacheKey.Digits} hexadecimal digits that the note told.");
        CheckQuestion("question", feedback.Question);
        if (feedback.Matched is { } matched) CheckQuestion("matched", matched);
        Throw("This feedback can't be taken", errors);

        void CheckQuestion(string name, string? question)
        {
            if (string.IsNullOrWhiteSpace(question) || question.Length > LongestQuestion) errors.Add($"{name} has {question?.Length ?? 0} characters. Set it to the question, of 1 to {LongestQuestion} characters.");
        }
    }

    private static void CheckTenant(string? tenant, List<string> errors)
    {
        if (tenant is null || !Tenants.IsAllowed(tenant)) errors.Add($"tenant is '{Shown(tenant)}'. {Tenants.Rule}");
    }

    private static void CheckKind(CacheKind kind, List<string> errors)
    {
        if (!Enum.IsDefined(kind)) errors.Add($"kind is {kind}. Set it to {string.Join(", ", Enum.GetNames<CacheKind>())}.");
    }

    private static void CheckTags(IReadOnlyList<string>? tags, List<string> errors)
    {
        if (tags is null)
        {
            errors.Add("tags is null. Leave it out for none.");
            return;
        }

        if (tags.Count > CacheSettings.MostTags) errors.Add($"tags has {tags.Count} entries. Set at most {CacheSettings.MostTags}.");
        foreach (var tag in tags) CheckTag(tag, errors);
    }

    private static void CheckTag(string? tag, List<string> errors)
    {
        if (string.IsNullOrEmpty(tag) || tag.Length > CacheSettings.LongestTag) errors.Add($"The tag '{Shown(tag)}' has {tag?.Length ?? 0} characters. A tag has 1 to {CacheSettings.LongestTag}.");
    }

    private static string? Shown(string? text) => text is { Length: > 120 } ? string.Concat(text.AsSpan(0, 120), "…") : text;

    private static void Throw(string what, List<string> errors)
    {
        if (errors.Count > 0) throw new PermanentFailureException($"{what}: {string.Join(" ", errors)}");
    }
}
