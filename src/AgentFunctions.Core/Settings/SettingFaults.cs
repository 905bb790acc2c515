using System.Globalization;
using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Settings;

/// <summary>Gathers what is wrong with the settings of a section, each with its name, its value and the range.</summary>
/// <param name="section">The section of the configuration.</param>
internal sealed class SettingFaults(string section)
{
    private readonly List<string> faults = [];

    /// <summary>What came of it.</summary>
    public ValidateOptionsResult Result => faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

    /// <summary>Refuses a value out of its range.</summary>
    /// <typeparam name="T">The setting's type.</typeparam>
    /// <param name="setting">The setting's path in the section.</param>
    /// <param name="value">Its value; what is no number is out of every range.</param>
    /// <param name="least">The least that it may be.</param>
    /// <param name="most">The most that it may be.</param>
    public void Check<T>(string setting, T value, T least, T most)
        where T : IComparable<T>, IFormattable
    {
        // NaN is below everything.
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0) Refuse(setting, value, string.Create(CultureInfo.InvariantCulture, $"between {least} and {most}"));
    }

    /// <summary>Refuses a value.</summary>
    /// <param name="setting">The setting's path in the section.</param>
    /// <param name="value">Its value.</param>
    /// <param name="range">What it may be: "above 0".</param>
    public void Refuse(string setting, object? value, string range) => Add(string.Create(CultureInfo.InvariantCulture, $"{section}:{setting} is {value}. Set it to {range}."));

    /// <summary>Adds a fault in words of its own.</summary>
    /// <param name="fault">The whole sentence.</param>
    public void Add(string fault) => faults.Add(fault);
}
