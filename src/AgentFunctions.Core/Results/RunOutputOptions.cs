using Microsoft.Extensions.Options;

namespace AgentFunctions.Core.Results;

/// <summary>How much live output <see cref="MemoryRunOutput"/> keeps.</summary>
public sealed record RunOutputOptions
{
    /// <summary>How many bytes of one run are kept; above that its oldest entries go. Default: 4,194,304 (4 MiB). Range: 1,024 to <see cref="MaxBytes"/>.</summary>
    public long MaxRunBytes { get; init; } = 4L << 20;

    /// <summary>How many bytes of all runs together are kept; above that ended runs go first, those that have been silent longest before others. Default: 67,108,864 (64 MiB). Range: 1,024 to 17,179,869,184 (16 GiB).</summary>
    public long MaxBytes { get; init; } = 64L << 20;

    /// <summary>These options, where they are valid.</summary>
    /// <exception cref="OptionsValidationException">They are not; the message names each setting, its value and the allowed range.</exception>
    public RunOutputOptions Validated()
    {
        List<string> errors = [];
        Check(nameof(MaxBytes), MaxBytes, 16L << 30);
        Check(nameof(MaxRunBytes), MaxRunBytes, MaxBytes);
        return errors.Count == 0 ? this : throw new OptionsValidationException(nameof(RunOutputOptions), typeof(RunOutputOptions), errors);

        void Check(string setting, long value, long most)
        {
            if (value < 1024 || value > most)
            {
                errors.Add($"{setting} is {value}. Set it to between 1024 and {most} bytes.");
            }
        }
    }
}
