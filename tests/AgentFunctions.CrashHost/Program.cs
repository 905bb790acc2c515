using AgentFunctions.Core;
using AgentFunctions.CrashHost;
using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;

if (args is [CacheWriter.Command, var folder, var seed])
{
    await CacheWriter.RunAsync(folder, int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture));
}

var hosts = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services.AddLedger(EffectLedger.FromEnvironment()));

return await new AgentFunctionsCommand(Terminal.ForThisProcess(), hosts, TimeProvider.System).InvokeAsync(args);
