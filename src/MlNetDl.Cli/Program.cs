using MlNetDl.Commands;

return Application.Run(args);
