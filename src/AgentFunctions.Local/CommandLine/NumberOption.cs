using System.CommandLine;

namespace AgentFunctions.Local.CommandLine;

/// <summary>Makes options that take a whole number and say so when they get something else.</summary>
internal static class NumberOption
{
    /// <summary>An option whose value is null where it is not given.</summary>
    /// <param name="name">Its name, with the dashes.</param>
    /// <param name="helpName">What help calls the value.</param>
    /// <param name="description">What it is for.</param>
    /// <param name="lowest">The lowest number allowed.</param>
    /// <param name="highest">The highest number allowed.</param>
    public static Option<int?> Create(string name, string helpName, string description, int lowest, int highest) => new(name)
    {
        Description = $"{description} {lowest} to {highest}.",
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens.Count > 0 ? result.Tokens[^1].Value : "";
            if (int.TryParse(text, out var number) && number >= lowest && number <= highest)
            {
                return number;
            }

            result.AddError($"{name} is '{text}'. It must be a whole number, {lowest} to {highest}.");
            return null;
        },
    };
}
