using AgentFunctions.Core;
using AgentFunctions.CrashHost;
using AgentFunctions.Local;
using AgentFunctions.Local.CommandLine;

var hosts = new LocalHostFactory(AgentFunctionsCatalog.Create(), services => services.AddLedger(EffectLedger.FromEnvironment()));

return await new AgentFunctionsCommand(Terminal.ForThisProcess(), hosts, TimeProvider.System).InvokeAsync(args);
