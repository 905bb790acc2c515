using System.Text.Json;
using AgentFunctions.Core.Durable;
using AgentFunctions.Core.Policies.Templating;

namespace AgentFunctions.Core.Activities;

/// <summary>What templates of a pipeline know: <c>item</c>, and the values in it by path, such as <c>item.id</c>. Pure.</summary>
internal static class ItemTemplate
{
    /// <summary>The first part of every path.</summary>
    public const string Root = "item";

    /// <summary>What is wrong with a path that does not begin with the item.</summary>
    public static string Unknown(string path) => $"'{path}' is asked for, but a stage knows only its item. Write {Root}, or begin the path with it: {Root}.id.";

    /// <summary>The item's value at a path that begins with <c>item</c>; null where there is none.</summary>
    public static JsonElement? Find(JsonElement item, string path) => IsKnown(path) ? ValuePath.Find(item, ValuePath.Rest(path)) : null;

    /// <summary>Whether a path begins with the item.</summary>
    public static bool IsKnown(string path) => string.Equals(ValuePath.Root(path), Root, StringComparison.Ordinal);

    /// <summary>What to throw for a path without a value.</summary>
    public static Exception Missing(string path) => new PermanentFailureException(
        IsKnown(path) ? $"The item has no value at '{path}'. Correct the path, send items that have one, or give a default where the path stands as \"$value\"." : Unknown(path));
}
