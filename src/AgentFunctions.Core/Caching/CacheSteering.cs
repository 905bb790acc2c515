using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies;

namespace AgentFunctions.Core.Caching;

/// <summary>What an invalidation and a person's word must be, in one place for every way that they come in.</summary>
public static class CacheSteering
{
    /// <summary>The length of an entry's key, in hexadecimal digits: 64.</summary>
    public const int KeyLength = 64;

    /// <summary>The longest question in feedback, in characters: 10,000.</summary>
    public const int LongestQuestion = 10_000;

    private const int ShownCharacters = 80;

    /// <summary>All that is wrong with an invalidation, by property.</summary>
    /// <param name="what">The invalidation.</param>
    public static InputErrors Errors(CacheInvalidation what)
    {
        ArgumentNullException.ThrowIfNull(what);
        var errors = new InputErrors();
        if (what.Tenant is { } tenant) CheckTenant(tenant, errors);
        if (what.Kind is { } kind) errors.AddIf(!Enum.IsDefined(kind), "kind", $"There is no kind '{kind}'. There are: {string.Join(", ", Enum.GetNames<CacheKind>())}.");
        if (what.Tag is { } tag) errors.AddIf(tag.Length is 0 or > CacheSettings.LongestTag, "tag", $"The tag has {tag.Length} characters. Give 1 to {CacheSettings.LongestTag}.");
        if (what.Tag is not null && what.Kind is not null) errors.AddIf(true, "kind", $"A kind ('{what.Kind}') and a tag ('{what.Tag.Shortened(ShownCharacters)}') can't be combined. Give one of them; to invalidate both, invalidate twice.");
        if (what.Key is { } key)
        {
            CheckKey(key, errors);
            errors.AddIf(what.Tenant is null, "tenant", $"This is missing. A key names an entry of one tenant: give that tenant, '{Tenants.Default}' for runs that were started without one.");
            errors.AddIf(what.Kind is not null || what.Tag is not null, "key", "A key names one entry, so neither a kind nor a tag can be given with it. Leave them out.");
        }

        return errors;
    }

    /// <summary>All that is wrong with a person's word, by property.</summary>
    /// <param name="feedback">The word.</param>
    public static InputErrors Errors(CacheFeedback feedback)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        var errors = new InputErrors();
        CheckTenant(feedback.Tenant, errors);
        CheckKey(feedback.Key, errors);
        CheckQuestion("question", feedback.Question, errors);
        if (feedback.Matched is { } matched) CheckQuestion("matched", matched, errors);
        return errors;
    }

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="errors">What <see cref="Errors(CacheInvalidation)"/> or <see cref="Errors(CacheFeedback)"/> found.</param>
    /// <exception cref="PermanentFailureException">Something is wrong; the message has all of it.</exception>
    public static void Refuse(InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        if (!errors.IsEmpty) throw new PermanentFailureException(Text(errors));
    }

    /// <summary>All that was found, in one line.</summary>
    /// <param name="errors">What was found.</param>
    public static string Text(InputErrors errors)
    {
        ArgumentNullException.ThrowIfNull(errors);
        return string.Join(" ", errors.ByPath.Select(error => $"{error.Key}: {string.Join(" ", error.Value)}"));
    }

    private static void CheckTenant(string tenant, InputErrors errors) =>
        errors.AddIf(!Tenants.IsAllowed(tenant), "tenant", $"The tenant '{tenant.Shortened(ShownCharacters)}' can't be used. {Tenants.Rule}");

    private static void CheckQuestion(string name, string question, InputErrors errors) =>
        errors.AddIf(string.IsNullOrWhiteSpace(question) || question.Length > LongestQuestion, name, $"The question has {question.Length} characters{(string.IsNullOrWhiteSpace(question) ? ", none of them to be seen" : "")}. Give the question as it was, of 1 to {LongestQuestion} characters.");

    private static void CheckKey(string key, InputErrors errors) =>
        errors.AddIf(key.Length != KeyLength || !key.All(char.IsAsciiHexDigit), "key", $"The key is '{key.Shortened(ShownCharacters)}'. Give the key that a cached answer's note told: {KeyLength} hexadecimal digits.");
}
