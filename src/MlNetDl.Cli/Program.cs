using MlNetDl.Cli;

return Application.Run(args);
